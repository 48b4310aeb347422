// What the chat costs a site: bytes, requests, layout, and what happens when our server is down or the code is wrong.
import { get } from 'node:http';
import type { Page } from '@playwright/test';
import { expect, shopPage, t, test, useWorld, visit } from '../support/test';
import { freePort } from '../support/process';
import { strictPolicy } from '../support/site';

const world = useWorld();

const LOADER = 4_096;
/** With the loader. */
const OPENED = 24_576;

interface Transfer {
  address: string;
  kind: string;
  bytes: number;
}

/** What a page and its frames fetch, with the size of each body as it came over the line. */
function measure(page: Page): Transfer[] {
  const transfers: Transfer[] = [];
  page.on('requestfinished', async (request) => {
    const transfer = { address: request.url(), kind: request.resourceType(), bytes: 0 };
    transfers.push(transfer);
    transfer.bytes = (await request.sizes()).responseBodySize;
  });
  return transfers;
}

const WIDGET_KINDS = ['document', 'script', 'stylesheet', 'font', 'image'];
const total = (transfers: Transfer[]): number => transfers.reduce((sum, { bytes }) => sum + bytes, 0);

// D-065, D-086, T-028
test('the loader is one request, the opened chat stays in its budget, and only our origin is asked', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  // The budget is meant in gzip, the worse of the two packings we serve.
  const context = await people.browser('visitor', { extraHTTPHeaders: { 'accept-encoding': 'gzip' } });
  const page = await context.newPage();
  const transfers = measure(page);
  const ours = () => transfers.filter(({ address }) => address.startsWith(world.program.origin));
  await page.goto(shopPage(world, connection));
  const launcher = page.locator(`#balcao-${connection.code}`);
  await expect(launcher).toBeAttached();
  await expect.poll(() => ours().map(({ bytes }) => bytes > 0)).toEqual([true]);

  await page.evaluate(() => (window as unknown as { balcao: { open(): void } }).balcao.open());
  await expect.poll(() => page.frames().length).toBe(2);
  await page.frames()[1]?.waitForSelector('.screen');
  const widget = () => ours().filter(({ kind }) => WIDGET_KINDS.includes(kind));
  await expect.poll(() => widget().every(({ bytes }) => bytes > 0) && widget().length).toBeGreaterThanOrEqual(4);
  const listing = widget().map(({ address, bytes }) => `${bytes} ${address}`);
  expect(total(widget()), listing.join('\n')).toBeLessThanOrEqual(OPENED);

  const origins = new Set(transfers.map(({ address }) => new URL(address).origin));
  expect([...origins].filter((origin) => origin !== 'null').sort()).toEqual(
    [world.program.origin, world.site.origin].sort(),
  );
});

// D-065
test('the loader keeps its shadow root closed to the page', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const context = await people.browser('visitor');
  const page = await visit(context, shopPage(world, connection));
  const container = page.locator(`#balcao-${connection.code}`);
  await expect(container).toBeAttached();
  expect(await container.evaluate((element) => element.shadowRoot)).toBeNull();
});

// T-028
test('opening, talking and closing moves nothing on the page', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { call_to_action: 'Precisa de ajuda?' } });
  const context = await people.browser('visitor');
  await context.addInitScript(() => {
    const shifts = { total: 0 };
    Object.assign(window, { shifts });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) shifts.total += (entry as unknown as { value: number }).value;
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const page = await visit(context, shopPage(world, connection));
  const act = (verb: 'open' | 'close') =>
    page.evaluate((name) => (window as unknown as { balcao: Record<string, () => void> }).balcao[name]?.(), verb);
  await expect(page.locator(`#balcao-${connection.code}`)).toBeAttached();
  const before = await page.locator('p').boundingBox();
  await act('open');
  await expect.poll(() => page.frames().length).toBe(2);
  await page.frames()[1]?.waitForSelector('.screen');
  await act('close');
  await act('open');
  expect(await page.locator('p').boundingBox()).toEqual(before);
  expect(await page.evaluate(() => (window as unknown as { shifts: { total: number } }).shifts.total)).toBe(0);
});

// T-028
test('with our server down the site works and nobody sees an error', async ({ people, faults }) => {
  const dead = `http://localhost:${await freePort()}`;
  const body = `<script async src="${dead}/widgets/00000000-0000-4000-8000-000000000000.js"></script>
    <form><label>Nome <input name="nome" /></label></form>`;
  const visitor = await people.visitor(world.site.put('/fora', { body, policy: strictPolicy(dead) }));
  await visitor.page.getByLabel('Nome').fill('Marina');
  await expect(visitor.page.getByLabel('Nome')).toHaveValue('Marina');
  await expect(visitor.launcher).toHaveCount(0);
  expect(faults.warnings).toEqual([]);
});

// T-028
test('a server that goes away under an open site leaves a sentence and a way to try again', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await expect(visitor.launcher).toBeVisible();
  await world.program.kill();
  try {
    await visitor.launcher.click();
    await expect(visitor.page.getByText(t('widget.loader.failed'))).toBeVisible({ timeout: 30_000 });
  } finally {
    await world.program.launch();
  }
  await visitor.page.getByText(t('widget.loader.failed')).click();
  await expect(visitor.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
});

// D-064
test('an unknown code is one warning and nothing else', async ({ people, faults }) => {
  const code = '00000000-0000-4000-8000-000000000000';
  const body = `<script async src="${world.program.origin}/widgets/${code}.js"></script>`;
  const address = world.site.put('/desconhecido', { body, policy: strictPolicy(world.program.origin) });
  const visitor = await people.visitor(address);
  await expect.poll(() => faults.warnings).toHaveLength(1);
  expect(faults.ownWarnings).toHaveLength(1);
  await expect(visitor.launcher).toHaveCount(0);
  expect(await visitor.page.evaluate(() => document.body.children.length)).toBe(2);
});

// T-028
test('the loader with its configuration stays within 4 KiB', async () => {
  const connection = await world.owner.addWebchat();
  const address = `${world.program.origin}/widgets/${connection.code}.js`;
  const size = await new Promise<number>((done, failed) => {
    get(address, { headers: { 'accept-encoding': 'gzip' } }, (answer) => {
      expect(answer.headers['content-encoding']).toBe('gzip');
      expect(answer.headers['cache-control']).toMatch(/max-age=30/);
      let bytes = 0;
      answer.on('data', (part: Buffer) => (bytes += part.length)).on('end', () => done(bytes));
    }).on('error', failed);
  });
  expect(size).toBeLessThanOrEqual(LOADER);
});
