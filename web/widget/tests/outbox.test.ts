// Unsent messages outlive crashes, are shared by tabs, keep their order and are marked honestly.
import { beforeEach, expect, test } from 'vitest';
import { ANSWERS_WITHIN, Outbox, PATIENCE } from '../src/panel/outbox';
import type { Entry } from '../src/panel/protocol';
import { rowsOf } from '../src/panel/state';
import { uuid } from '../src/panel/uuid';

/** The site's storage with the tabs that listen to it. */
class Site {
  readonly items = new Map<string, string>();
  readonly tabs: Outbox[] = [];
  now = 1_000_000;

  tab(): Outbox {
    const keeper = {
      put: async (k: string, v: string | null) => {
        if (v === null) this.items.delete(k);
        else this.items.set(k, v);
        for (const other of this.tabs) if (other !== tab) other.heard(k, v);
      },
    };
    const tab = new Outbox(
      keeper,
      () => {},
      () => this.now,
    );
    tab.load(Object.fromEntries(this.items));
    this.tabs.push(tab);
    return tab;
  }
}

const arrivedRows = (entry: Partial<Entry>) => {
  const whole: Entry = {
    seq: 1,
    kind: 'message',
    from: 'visitor',
    name: null,
    id: null,
    text: '',
    file: null,
    event: null,
    at: '',
    ...entry,
  };
  return rowsOf('c', [whole]);
};

const settle = () => new Promise((done) => setTimeout(done));

let site: Site;
const ids: string[] = [];
const write = async (tab: Outbox, text: string) => {
  const id = uuid();
  ids.push(id);
  await tab.add({ id, text }, () => undefined);
  return id;
};

beforeEach(() => {
  site = new Site();
  ids.length = 0;
});

test('a message is not sent before it is stored', async () => {
  const tab = site.tab();
  const adding = write(tab, 'oi');
  expect(tab.items).toHaveLength(1);
  expect(tab.next()).toBeUndefined();
  await adding;
  expect(site.items.size).toBe(1);
  expect(tab.next()?.text).toBe('oi');
});

test('a crash before the acknowledgement: the next page sends it with the same id', async () => {
  const id = await write(site.tab(), 'oi');
  site.tabs.length = 0;
  const later = site.tab();
  expect(later.next()).toMatchObject({ id, text: 'oi' });
});

test('one at a time, in the order of writing', async () => {
  const tab = site.tab();
  await write(tab, 'um');
  await write(tab, 'dois');
  const first = tab.next()!;
  first.tried = site.now;
  expect(tab.next()).toBeUndefined();
  tab.settle(first.id);
  expect(tab.next()?.text).toBe('dois');
});

test('a new socket repeats what was under way, and patience has an end on the same one', async () => {
  const tab = site.tab();
  await write(tab, 'oi');
  tab.next()!.tried = site.now;
  tab.retryAll();
  const again = tab.next()!;
  expect(again.id).toBe(ids[0]);
  again.tried = site.now;
  site.now += PATIENCE;
  expect(tab.next()?.id).toBe(ids[0]);
});

test('two tabs: both show it, only the writer sends at once, the acknowledgement removes it everywhere', async () => {
  const [one, two] = [site.tab(), site.tab()];
  const id = await write(one, 'oi');
  expect(two.items).toMatchObject([{ id, text: 'oi' }]);
  expect(two.next()).toBeUndefined();
  one.settle(id);
  expect(two.items).toHaveLength(0);
  expect(site.items.size).toBe(0);
  expect(one.items).toHaveLength(0);
});

test('acknowledged behind a gap: it is shown until that is filled, and not sent again', async () => {
  const tab = site.tab();
  const id = await write(tab, 'oi');
  tab.settle(id, true);
  expect(tab.items).toMatchObject([{ id, isStored: true }]);
  expect(site.items.size).toBe(0);
  tab.retryAll();
  expect(tab.next()).toBeUndefined();
  tab.caughtUp();
  expect(tab.items).toHaveLength(0);
});

test('a tab that closes leaves its message to the others', async () => {
  const [one, two] = [site.tab(), site.tab()];
  const id = await write(one, 'oi');
  site.tabs.shift();
  site.now += PATIENCE;
  expect(two.next()?.id).toBe(id);
});

test('two tabs that write at the same moment lose nothing', async () => {
  const [one, two] = [site.tab(), site.tab()];
  await Promise.all([write(one, 'um'), write(two, 'dois')]);
  expect(site.items.size).toBe(2);
  expect(one.items.map((item) => item.id)).toEqual(two.items.map((item) => item.id));
});

test('an entry with the own id clears it even when the acknowledgement was lost', async () => {
  const tab = site.tab();
  const id = await write(tab, 'oi');
  tab.next()!.tried = site.now;
  tab.arrived(arrivedRows({ id }));
  expect(tab.items).toHaveLength(0);
  expect(site.items.size).toBe(0);
});

test('a refusal is kept with its reason, does not block others and can be taken back', async () => {
  const tab = site.tab();
  const id = await write(tab, 'ruim');
  await write(tab, 'bom');
  tab.refused(id, { code: 'forbidden', message: 'Não pode.' });
  expect(tab.next()?.text).toBe('bom');
  expect(site.tab().items[0]).toMatchObject({ id, refused: { message: 'Não pode.' } });
  expect(tab.discard(id)?.text).toBe('ruim');
  expect(site.items.size).toBe(1);
});

test('a request to wait pauses without marking anything as refused', async () => {
  const tab = site.tab();
  const id = await write(tab, 'oi');
  tab.refused(id, { code: 'too_many_requests', message: '', retry_after: 12 });
  expect(tab.next()).toBeUndefined();
  site.now += 12_000;
  expect(tab.next()?.id).toBe(id);
  expect(tab.items[0]?.refused).toBeUndefined();
});

test('foreign or broken values in the storage are left alone', () => {
  site.items.set('m:1', '{}');
  site.items.set('m:01234567-89ab-7def-8123-456789abcdef', '{"id":');
  site.items.set('p', '{"name":"Marina"}');
  expect(site.tab().items).toHaveLength(0);
  expect(site.items.size).toBe(3);
});

test('client ids are time-ordered, also within a millisecond', () => {
  const made = Array.from({ length: 5000 }, () => uuid(1_700_000_000_000));
  expect([...made].sort()).toEqual(made);
  expect(new Set(made).size).toBe(5000);
  expect(made[0]).toMatch(/^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
});

// P-120
const upload = {
  key: 'k1',
  name: 'fachada.jpg',
  kind: 'image' as const,
  media_type: 'image/jpeg',
  size: 100,
  width: 4,
  height: 3,
  duration_ms: null,
};

test('a message with a file waits until its content is kept, and says afterwards that it is not needed', async () => {
  const tab = site.tab();
  const done: string[] = [];
  tab.onDone = ({ key }) => done.push(key);
  const id = uuid();
  let isThere: () => void = () => {};
  const adding = tab.add({ id, text: '', upload }, () => undefined, new Promise<void>((yes) => (isThere = yes)));
  await Promise.resolve();
  expect(site.items.size).toBe(0);
  expect(tab.next()).toBeUndefined();
  isThere();
  await adding;
  expect(tab.next()).toMatchObject({ id, upload });
  tab.settle(id);
  expect(done).toEqual(['k1']);
});

test('another page finds the file that a message waits for, but nothing of an upload that was under way', async () => {
  const tab = site.tab();
  const id = uuid();
  await tab.add({ id, text: '', upload }, () => undefined);
  const item = tab.next()!;
  item.isBringing = true;
  item.shown = { id: 'f1' } as never;
  tab.refused(id, { code: 'file_lost', message: 'gone' });
  const found = site.tab().find(id)!;
  expect(found).toMatchObject({ upload, refused: { code: 'file_lost' } });
  expect(found).not.toHaveProperty('isBringing');
  expect(found).not.toHaveProperty('shown');
});

/** Two tabs of a site whose frames have no storage of their own: the first one has chosen a file. */
async function sending(): Promise<{ id: string; one: Outbox; two: Outbox }> {
  const [one, two] = [site.tab(), site.tab()];
  one.isHere = async () => true;
  const id = uuid();
  await one.add({ id, text: '', upload }, () => undefined);
  return { id, one, two };
}
const lost = { code: 'file_lost', message: 'gone' };

test('a tab does not call the file of another one lost that is still sending it', async () => {
  const { id, one, two } = await sending();
  one.next()!.isBringing = true;
  site.now += PATIENCE;
  await two.missing(two.next()!, lost);
  await settle();
  expect(two.next()).toBeUndefined();
  site.now += PATIENCE;
  await two.missing(two.next()!, lost);
  await settle();
  expect([one, two].map((tab) => tab.find(id)!.refused)).toEqual([undefined, undefined]);
  expect(one.find(id)).toMatchObject({ isBringing: true });
});

test('a tab that could not answer in time takes the word back', async () => {
  const { id, one, two } = await sending();
  two.refused(id, lost);
  await settle();
  expect([one, two, site.tab()].map((tab) => tab.find(id)!.refused)).toEqual([undefined, undefined, undefined]);
});

test('a file that no tab has is called lost, in all of them', async () => {
  const { id, one, two } = await sending();
  one.isHere = async () => false; // It was loaded anew.
  await two.missing(two.find(id)!, lost);
  await settle();
  expect(two.find(id)!.refused).toBeUndefined();
  site.now += ANSWERS_WITHIN;
  await two.missing(two.next()!, lost);
  await settle();
  expect([one, two].map((tab) => tab.find(id)!.refused)).toEqual([lost, lost]);
});
