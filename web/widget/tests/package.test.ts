// D-085, D-086, T-028: the package for npm brings the loader once, waits for it, says why it did not come, and gives it back.
import { afterEach, beforeEach, expect, expectTypeOf, test, vi } from 'vitest';
import type { Contact, Happening, Options, Payload } from '../../../integrations/npm/index.js';
import type * as loader from '../src/loader/host';

const id = '8401be95-5a7c-43e6-8e56-520c334d3314';
const base = 'https://chat.example';
const address = `${base}/widgets/${id}.js`;

/** Each page has a module of its own. */
let load: typeof import('../../../integrations/npm/index.js').load;

const scripts = () => [...document.querySelectorAll<HTMLScriptElement>('script')];
const api = () => window.balcao!;

/** What the loader does once it runs. */
function draws(): void {
  window.balcao ??= {};
  Object.assign(api(), { open: vi.fn(), close: vi.fn(), toggle: vi.fn(), identify: vi.fn(), unload: vi.fn() });
  scripts().at(-1)?.dispatchEvent(new Event('load'));
}

async function loaded(options: Partial<Options> = {}) {
  const chat = load({ base, id, ...options });
  draws();
  return chat;
}

beforeEach(async () => {
  vi.resetModules();
  ({ load } = await import('../../../integrations/npm/index.js'));
  // Nothing is fetched here: of this kind it is no script for the browser.
  const append = document.body.append.bind(document.body);
  vi.spyOn(document.body, 'append').mockImplementation((script) => {
    (script as HTMLScriptElement).type = 'text/plain';
    append(script);
  });
});

afterEach(() => {
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  vi.useRealTimers();
  document.body.replaceChildren();
  delete window.balcao;
});

test('the script comes once, from the company’s own server, with what the page says', async () => {
  const options = { base: `${base}/`, id, position: 'left', contact: { id: 4711, hash: 'ab' } } as const;
  const [first, second] = [load(options), load(options)];
  expect(scripts().map(({ src, async }) => [src, async])).toEqual([[address, true]]);
  expect(window.balcao).toEqual({ id, payload: { position: 'left', contact: { id: 4711, hash: 'ab' } } });
  draws();
  expect((await first).id).toBe(id);
  (await second).toggle();
  expect(api().toggle).toHaveBeenCalledOnce();
  await load(options);
  expect(scripts()).toHaveLength(1);
});

test('a nonce stands on the script', async () => {
  await loaded({ nonce: 'abc' });
  expect(scripts()[0]?.nonce).toBe('abc');
});

test('it steers the chat and hears of it, of this one only', async () => {
  const chat = await loaded();
  chat.open();
  chat.close();
  chat.identify({ name: 'Marina' });
  expect(api().open).toHaveBeenCalledOnce();
  expect(api().close).toHaveBeenCalledOnce();
  expect(api().identify).toHaveBeenCalledWith({ name: 'Marina' });
  const heard = vi.fn();
  const stop = chat.on('open', heard);
  const happens = (code: string) => dispatchEvent(new CustomEvent('balcao:open', { detail: { code } }));
  happens(id);
  happens('another');
  expect(heard).toHaveBeenCalledOnce();
  stop();
  happens(id);
  expect(heard).toHaveBeenCalledOnce();
});

test('it leaves the page with the last who had loaded it, and may come back', async () => {
  const heard = vi.fn();
  const first = await loaded();
  const second = await load({ base, id });
  const { unload, open } = api();
  first.on('open', heard);
  first.unload();
  first.unload();
  first.open();
  expect(unload).not.toHaveBeenCalled();
  expect(open).not.toHaveBeenCalled();
  second.open();
  expect(open).toHaveBeenCalledOnce();
  dispatchEvent(new CustomEvent('balcao:open', { detail: { code: id } }));
  expect(heard).not.toHaveBeenCalled();
  second.unload();
  expect(unload).toHaveBeenCalledOnce();
  expect(scripts()).toHaveLength(0);
  expect(window.balcao).toBeUndefined();
  (await loaded()).open();
  expect(api().open).toHaveBeenCalledOnce();
});

test('who gives it back while another waits for it takes nothing from them', async () => {
  const first = load({ base, id }).then((chat) => chat.unload());
  const second = load({ base, id });
  draws();
  await first;
  (await second).open();
  expect(api().open).toHaveBeenCalledOnce();
  expect(api().unload).not.toHaveBeenCalled();
});

test('a script that stands there by hand is waited for', async () => {
  const byHand = document.createElement('script');
  byHand.type = 'text/plain';
  byHand.src = address;
  document.head.append(byHand);
  window.balcao = { id };
  const chat = load({ base, id });
  expect(scripts()).toEqual([byHand]);
  draws();
  (await chat).open();
  expect(api().open).toHaveBeenCalledOnce();
  byHand.remove();
});

test('it says why there is no chat, and may be asked again', async () => {
  const refused = load({ base, id });
  scripts()[0]?.dispatchEvent(new Event('load'));
  await expect(refused).rejects.toMatchObject({ name: 'ChatError', reason: 'refused' });
  const blocked = load({ base, id });
  scripts()[0]?.dispatchEvent(new Event('error'));
  await expect(blocked).rejects.toMatchObject({ reason: 'blocked' });
  vi.useFakeTimers();
  const late = expect(load({ base, id, patience: 5_000 })).rejects.toMatchObject({ reason: 'late' });
  await vi.advanceTimersByTimeAsync(5_000);
  await late;
  expect(scripts()).toHaveLength(0);
  for (const wrong of [{ id: 'EP26235' }, { base: 'chat.example' }, { base: 'javascript:alert(1)' }])
    await expect(load({ base, id, ...wrong })).rejects.toMatchObject({ reason: 'options' });
  expect(scripts()).toHaveLength(0);
});

test('another chat of the page stays as it is', async () => {
  window.balcao = { id: 'another', open: vi.fn() };
  await expect(load({ base, id })).rejects.toMatchObject({ reason: 'other' });
  expect(window.balcao.id).toBe('another');
  delete window.balcao;
  await loaded();
  await expect(load({ base, id: id.replace('8401', '8402') })).rejects.toMatchObject({ reason: 'other' });
});

test('on a server nothing happens', async () => {
  vi.stubGlobal('window', undefined);
  const chat = await load({ base, id });
  chat.on('open', () => {})();
  for (const act of ['open', 'close', 'toggle', 'identify', 'unload'] as const) chat[act]();
});

test('the types know what the loader knows', () => {
  expectTypeOf<keyof Payload>().toEqualTypeOf<keyof loader.Payload>();
  expectTypeOf<Payload>().toExtend<loader.Payload>();
  expectTypeOf<keyof Contact>().toEqualTypeOf<keyof loader.Contact>();
  expectTypeOf<Happening>().toEqualTypeOf<'show' | 'open' | 'close' | 'start' | 'message' | 'rating'>();
});
