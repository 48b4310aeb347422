// What an agent hears and sees while looking elsewhere: sound, desktop notice, the number in the title.
import type { Page } from '@playwright/test';
import { Api } from '../support/api';
import { BRUNO, writes } from '../support/team';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

interface Watched {
  tones: number;
  notices: { title: string; body: string; tag: string }[];
}

/** Counts tones and notices; `hidden` makes the tab a background one. */
async function listenIn(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const watched: Watched = { tones: 0, notices: [] };
    const create = AudioContext.prototype.createOscillator;
    AudioContext.prototype.createOscillator = function () {
      watched.tones += 1;
      return create.call(this);
    };
    class Notice extends EventTarget {
      static readonly permission = 'granted';
      static requestPermission = () => Promise.resolve('granted');
      onclick: (() => void) | null = null;
      constructor(title: string, { body = '', tag = '' }: { body?: string; tag?: string }) {
        super();
        watched.notices.push({ title, body, tag });
      }
      close(): void {}
    }
    Object.assign(window, { watched, Notification: Notice });
  });
}

const heard = (page: Page): Promise<Watched> =>
  page.evaluate(() => (window as unknown as { watched: Watched }).watched);

const look = (page: Page, state: 'hidden' | 'visible'): Promise<void> =>
  page.evaluate((now) => {
    Object.defineProperty(document, 'visibilityState', { configurable: true, get: () => now });
    Object.defineProperty(document, 'hidden', { configurable: true, get: () => now === 'hidden' });
    document.dispatchEvent(new Event('visibilitychange'));
  }, state);

// P-008, X-019
test('a new conversation rings, shows a notice and counts in the title; reading clears it', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await listenIn(ana.page);
  await ana.go();
  await expect(ana.page.getByText(t('console.list.emptyQueue'))).toBeVisible();
  await ana.page.getByText(t('console.list.emptyQueue')).click(); // Browsers are silent until somebody clicks.
  await look(ana.page, 'hidden');

  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Oi, tem alguém aí?');
  await expect(ana.page).toHaveTitle(/^\(1\) /);
  await expect.poll(async () => (await heard(ana.page)).tones).toBeGreaterThan(0);
  await expect
    .poll(async () => (await heard(ana.page)).notices.map(({ title, body }) => ({ title, body })))
    .toEqual([{ title: t('console.notice.conversation', { name: 'Marina Ribeiro' }), body: 'Oi, tem alguém aí?' }]);

  await look(ana.page, 'visible');
  await ana.openRow('Marina Ribeiro');
  await ana.write('Tem sim.');
  await expect(ana.page).toHaveTitle(/^Marina/);

  await look(ana.page, 'hidden');
  const before = (await heard(ana.page)).tones;
  await marina.write('Que bom.');
  await expect(ana.page).toHaveTitle(/^\(1\) /);
  await expect.poll(async () => (await heard(ana.page)).tones).toBeGreaterThan(before);
  await expect.poll(async () => (await heard(ana.page)).notices.at(-1)?.title).toBe('Marina Ribeiro');
  await look(ana.page, 'visible');
  await expect(ana.page).toHaveTitle(/^Marina/);
});

// P-069
test('a conversation that a colleague hands on rings and shows a notice with who handed it', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const agent = await world.owner.addAgent(world.program.origin, BRUNO);
  const bruno = await Api.at(world.program.origin);
  await bruno.logIn(BRUNO);
  const ana = await people.agent(world);
  await listenIn(ana.page);
  await ana.go();
  await ana.tab('open').click(); // Browsers are silent until somebody clicks.
  await writes(world, connection.code, 'Igor Nunes', ['Preciso da nota fiscal']);
  await expect(ana.tab('queue')).toContainText('1');
  const [row] = await bruno.conversations('queue');
  await bruno.call('POST', `/conversations/${row?.id}/take`);
  await expect(ana.row('Igor Nunes')).toContainText(agent.name.split(' ')[0] ?? '');
  await look(ana.page, 'hidden');
  const before = await heard(ana.page);
  const { id } = await world.owner.call<{ id: string }>('GET', '/session');
  await bruno.call('POST', `/conversations/${row?.id}/transfer`, { agent: id, confirmed: true });
  await expect
    .poll(async () => (await heard(ana.page)).notices.at(-1)?.title)
    .toBe(t('console.notice.transferred', { by: BRUNO.name, name: 'Igor Nunes' }));
  const after = await heard(ana.page);
  expect(after.tones).toBeGreaterThan(before.tones);
  expect(after.notices.length).toBe(before.notices.length + 1);
  await bruno.close();
});
