// How fast the console answers with a thousand open conversations, and how soon the chat is there on a slow network.
import { mkdir, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { Page } from '@playwright/test';
import { type Conditions, SlowNetwork } from '../support/slow';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { openConversations } from '../support/many';

const world = useWorld();
const OPEN = 1_000;
const TIMES = 40;
const PART = fileURLToPath(new URL('../../../bench/parts/browser.md', import.meta.url));

interface Figure {
  what: string;
  aim: number;
  values: number[];
}
const figures: Figure[] = [];

const at = (values: number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.round((values.length - 1) * share)] ?? NaN;

test.afterAll(async () => {
  const rows = figures.map(({ what, aim, values }) => {
    const [p50, p95] = [at(values, 0.5), at(values, 0.95)];
    return `| ${what} | ≤ ${aim} | ${p50.toFixed(0)} | ${p95.toFixed(0)} | ${p95 <= aim ? 'reached' : p50 <= aim ? 'median only' : '**not reached**'} |`;
  });
  const head = [
    '## In the browser',
    '',
    `\`scripts/bench.sh --browser\`: Chromium, the program and the measuring on the same cores; milliseconds. The console has ${OPEN} open conversations.`,
    `From the click to the frame in which it is drawn. Slow network: ${SLOW.roundTrip} ms for a question and its answer, ${SLOW.rate / 1_000} kB/s each way.`,
    '',
    '| | aim | p50 | p95 | |',
    '|---|--:|--:|--:|---|',
  ];
  await mkdir(fileURLToPath(new URL('../../../bench/parts', import.meta.url)), { recursive: true });
  await writeFile(PART, [...head, ...rows, ''].join('\n'));
});

const SLOW: Conditions = { roundTrip: 2_000, rate: 30_000, lossPercent: 0 };

/** Clicks a row; answers after how many milliseconds its conversation was drawn. */
function timeToOpen(page: Page, index: number, region: string): Promise<number> {
  return page.evaluate(
    async ([row, name]) => {
      const link = document.querySelector<HTMLAnchorElement>(`[data-row="${row}"] a`);
      if (!link) throw new Error(`there is no row ${row}`);
      const id = link.getAttribute('href')?.split('/').pop() ?? '';
      const begun = performance.now();
      link.click();
      await new Promise<void>((done) => {
        const isDrawn = () => {
          const shown = document.querySelector(`[aria-label="${name}"]`);
          return location.pathname.endsWith(id) && (shown?.textContent ?? '').includes('Preciso de ajuda');
        };
        const look = () => (isDrawn() ? requestAnimationFrame(() => setTimeout(done)) : requestAnimationFrame(look));
        look();
      });
      return performance.now() - begun;
    },
    [index, region] as const,
  );
}

test('opening and switching with a thousand open conversations', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  await openConversations(world, connection, OPEN);
  const agent = await people.agent(world);
  await agent.go();
  await agent.tab('open').click();
  await expect(agent.rows.first()).toBeVisible();
  const region = t('console.timeline.region');
  const first: number[] = [];
  const again: number[] = [];
  // Two that warm up; what is timed is opened for the first time.
  for (let index = 0; index < 8; index += 1) {
    const taken = await timeToOpen(agent.page, index, region);
    if (index >= 2) first.push(taken);
  }
  for (let time = 0; time < TIMES; time += 1) again.push(await timeToOpen(agent.page, 2 + (time % 6), region));
  figures.push({ what: 'opening a conversation for the first time', aim: 100, values: first });
  figures.push({ what: 'switching to one that was open before', aim: 50, values: again });
});

test('the chat on a slow network', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const network = await SlowNetwork.start(SLOW);
  const room: number[] = [];
  const page: number[] = [];
  const ready: number[] = [];
  for (let time = 0; time < 3; time += 1) {
    const visitor = await people.visitor(shopPage(world, connection, { path: '/lenta' }), {
      proxy: { server: network.address },
    });
    await expect(visitor.launcher).toBeVisible({ timeout: 60_000 });
    const begun = Date.now();
    await visitor.launcher.click();
    await expect(visitor.page.locator('.panel')).toBeVisible();
    room.push(Date.now() - begun);
    await expect(visitor.panel.locator('.screen')).toBeVisible({ timeout: 60_000 });
    page.push(Date.now() - begun);
    await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
    await expect(visitor.field).toBeVisible({ timeout: 60_000 });
    ready.push(Date.now() - begun);
    await visitor.page.context().close();
  }
  await network.stop();
  figures.push({ what: 'slow network: first paint of the opened panel', aim: 3_000, values: room });
  figures.push({ what: 'slow network: the panel’s own first screen', aim: 6_000, values: page });
  figures.push({ what: 'slow network: ready to write', aim: 8_000, values: ready });
});
