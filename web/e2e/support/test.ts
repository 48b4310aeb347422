// What every test file starts with: its own program and site, and people with browsers of their own who are watched.
import { test as base, expect, type BrowserContext, type BrowserContextOptions, type Page } from '@playwright/test';
import type { Connection } from '@balcao/api';
import { makePair } from './certificate';
import { Api, OWNER, type Account } from './api';
import { Desk } from './desk';
import { Faults } from './faults';
import { Program } from './process';
import { Site, strictPolicy } from './site';
import { openShadowRoots, Visitor } from './visitor';

export interface World {
  program: Program;
  site: Site;
  /** The owner, logged in; not there before the installation is set up. */
  owner: Api;
}

/** Registers what starts and stops a file's program; the answer is filled before its first test. */
export function useWorld({ setUp = true, https = false }: { setUp?: boolean; https?: boolean } = {}): World {
  const world = {} as World;
  test.beforeAll(async () => {
    const pair = https ? makePair() : null;
    world.program = await Program.start(pair);
    world.site = await Site.start(pair);
    world.owner = await Api.at(world.program.origin);
    if (setUp) await world.owner.setUp(world.program.setupLink.split('#')[1] ?? '');
  });
  test.afterEach(() => world.program.check());
  test.afterAll(async () => {
    await world.owner?.close();
    await world.site?.stop();
    await world.program?.stop();
  });
  return world;
}

/** The address of a page that carries the chat under the strict policy. */
export function shopPage(
  world: World,
  connection: Connection,
  {
    path = '/',
    title,
    payload,
    policy = strictPolicy(world.program.origin),
  }: { path?: string; title?: string; payload?: object; policy?: string } = {},
): string {
  const config = encodeURIComponent(JSON.stringify({ id: connection.code, payload }));
  const body = `<script src="/site.js?balcao=${config}"></script>
    <script async src="${world.program.origin}/widgets/${connection.code}.js"></script>`;
  return world.site.put(path, { title, body, policy });
}

export interface People {
  /** A browser of its own. */
  browser(who: string, options?: BrowserContextOptions): Promise<BrowserContext>;
  /** Somebody at the console, logged in without the login page. */
  agent(world: World, account?: Account, options?: BrowserContextOptions): Promise<Desk>;
  /** Somebody on the company's site. */
  visitor(address: string, options?: BrowserContextOptions): Promise<Visitor>;
}

export const test = base.extend<{ faults: Faults; people: People }>({
  // eslint-disable-next-line no-empty-pattern
  faults: async ({}, use) => {
    const faults = new Faults();
    await use(faults);
    expect(faults.found, 'nothing may throw, break a policy or fail on the server').toEqual([]);
  },
  people: async ({ browser, faults }, use) => {
    const open: BrowserContext[] = [];
    const people: People = {
      async browser(who, options) {
        const context = await browser.newContext(options);
        open.push(context);
        await faults.watch(context, who);
        return context;
      },
      async agent(world, account = OWNER, options) {
        const context = await people.browser(account.name, { baseURL: world.program.origin, ...options });
        await logIn(context, account);
        return new Desk(await context.newPage());
      },
      async visitor(address, options) {
        const context = await people.browser('visitor', options);
        await openShadowRoots(context);
        return new Visitor(await visit(context, address));
      },
    };
    await use(people);
    await Promise.all(open.map((context) => context.close()));
  },
});

/** A visitor and an agent in a running conversation. */
export async function talking(
  world: World,
  people: People,
  name: string,
): Promise<{ visitor: Visitor; agent: Desk; connection: Connection }> {
  const connection = await world.owner.addWebchat();
  const agent = await people.agent(world);
  await agent.go();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Bom dia', name);
  await agent.openRow(name);
  await agent.act('console.conversation.take').click();
  await expect(agent.reply).toBeFocused();
  return { visitor, agent, connection };
}

export async function visit(context: BrowserContext, address: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(address);
  return page;
}

async function logIn(context: BrowserContext, { email, password }: Account): Promise<void> {
  const answer = await context.request.post('/api/session', { data: { email, password } });
  expect(answer.status()).toBe(200);
}

export { expect };
export { COMPANY, OWNER } from './api';
export { like, t } from './texts';
