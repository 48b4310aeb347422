// The plugin in a real WordPress: what is saved in wp-admin decides where the chat stands, and who is logged in is known.
import { existsSync, readFileSync } from 'node:fs';
import type { OpenedConversation } from '@balcao/api';
import type { Page } from '@playwright/test';
import { expect, test, useWorld, visit, type People } from '../support/test';
import { openShadowRoots, Visitor } from '../support/visitor';

const given = process.env.BALCAO_TEST_WORDPRESS ?? '';
const of = (key: string): string => new RegExp(`${key}=(\\S+)`).exec(given)?.[1] ?? '';
const site = of('address');

test.skip(given === '', 'no WordPress: scripts/test.sh starts one');

const world = useWorld();
const SCREEN = `${site}/wp-admin/options-general.php?page=balcao`;

/** What PHP said of the plugin. */
const faultsOfPlugin = (): string[] =>
  (existsSync(of('faults')) ? readFileSync(of('faults'), 'utf8') : '')
    .split('\n')
    .filter((line) => line.includes('plugins/balcao'));

test.afterEach(() => expect(faultsOfPlugin()).toEqual([]));

/** Somebody logged in to WordPress; the chat's shadow root is open to the test. */
async function administrator(people: People, name = 'ana'): Promise<Page> {
  const context = await people.browser('administrator');
  await openShadowRoots(context);
  const page = await visit(context, `${site}/wp-login.php`);
  await page.locator('#user_login').fill(name);
  await page.locator('#user_pass').fill('segredo');
  await page.locator('#wp-submit').click();
  await expect(page.locator('#wpadminbar')).toBeVisible();
  return page;
}

/** Uploads what the program itself gives, as an administrator does. */
async function install(page: Page): Promise<void> {
  const answer = await fetch(`${world.program.origin}/packages/balcao-wordpress.zip`);
  const file = {
    name: 'balcao-wordpress.zip',
    mimeType: 'application/zip',
    buffer: Buffer.from(await answer.arrayBuffer()),
  };
  await page.goto(`${site}/wp-admin/plugin-install.php?tab=upload`);
  await page.locator('#pluginzip').setInputFiles(file);
  await page.locator('#install-plugin-submit').click();
  await page.getByRole('link', { name: 'Activate Plugin' }).click();
}

/** On the plugin's screen; where the plugin is missing it is installed first. */
async function atSettings(people: People): Promise<Page> {
  const page = await administrator(people);
  await page.goto(`${site}/wp-admin/plugins.php`);
  const row = page.locator('[data-slug=balcao]');
  await expect(page.locator('#the-list')).toBeVisible();
  if (!(await row.count())) await install(page);
  await row.getByRole('link', { name: 'Settings' }).click();
  await expect(page.getByRole('heading', { name: 'Balcão', exact: true })).toBeVisible();
  return page;
}

async function save(page: Page): Promise<void> {
  // The address is no sign: WordPress takes its word about saving off it at once.
  const loaded = page.waitForEvent('load');
  await page.getByRole('button', { name: 'Save Changes' }).click();
  await loaded;
}

async function connect(page: Page, code: string): Promise<void> {
  await page.getByLabel('Address of the server').fill(world.program.origin);
  await page.getByLabel('Code of the connection').fill(code);
  await page.getByLabel('On all pages', { exact: true }).check();
  await page.getByLabel('List of pages').fill('');
  for (const kind of ['Posts', 'Pages', 'Media', 'Lists, archives and search results'])
    await page.getByRole('checkbox', { name: kind, exact: true }).check();
  await page.getByLabel('Not for people who are logged in').uncheck();
  await page.getByLabel('Tell the agents name and e-mail').uncheck();
  await save(page);
  await expect(page.getByText('Settings saved.')).toBeVisible();
}

/** Where a stranger finds the chat, of these paths. */
async function places(people: People, code: string, paths: string[]): Promise<string[]> {
  const context = await people.browser('stranger');
  const page = await context.newPage();
  const found: string[] = [];
  for (const path of paths) {
    await page.goto(site + path);
    // What stands at the end of the page's own HTML is there by now.
    if (await page.locator(`script[src="${world.program.origin}/widgets/${code}.js"]`).count()) found.push(path);
  }
  return found;
}

const PATHS = ['/', '/contato/', '/sobre/', '/hello-world/', '/?s=pao'];

// D-080, D-082, D-088
test('a code saved in wp-admin brings the chat to the site, and a visitor writes to the team', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'WordPress' });
  const page = await atSettings(people);
  await connect(page, connection.code);
  expect(await places(people, connection.code, PATHS)).toEqual(PATHS);

  const visitor = await people.visitor(`${site}/contato/`);
  const tag = visitor.page.locator('#balcao-js');
  await expect(tag).toHaveAttribute('src', `${world.program.origin}/widgets/${connection.code}.js`);
  await expect(tag).toHaveJSProperty('async', true);
  await expect(visitor.page.locator('#balcao-settings')).toHaveCount(0); // Nothing to say, nothing inline.
  await visitor.start('Vocês entregam no sábado?', 'Marina Ribeiro');
  await world.owner.waiting('Marina Ribeiro');
  await expect
    .poll(async () => (await world.owner.connection(connection.id)).last_seen?.page)
    .toContain('wordpress.localhost');
});

test('the whole script may be pasted; what is no code and no address is refused with a word', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const page = await atSettings(people);
  await connect(page, connection.code);
  const address = page.getByLabel('Address of the server');
  const code = page.getByLabel('Code of the connection');
  await code.fill('EP26235');
  await save(page);
  await expect(page.getByText('This is not the code of a connection.', { exact: false })).toBeVisible();
  await expect(code).toHaveValue(connection.code);

  for (const wrong of ['javascript://chat.example.com/%0aalert(1)', 'ftp://chat.example.com', 'chat', 'https://']) {
    await address.evaluate((field: HTMLInputElement) => (field.type = 'text')); // As a browser without its own check.
    await address.fill(wrong);
    await save(page);
    await expect(page.getByText('must begin with https:// or http://', { exact: false }), wrong).toBeVisible();
    await expect(address).toHaveValue(world.program.origin);
  }

  await page.getByLabel('List of pages').fill('/contato\n/nirgends "><script>alert(1)</script>');
  await save(page);
  await expect(page.getByText('No page of this site was found for: /nirgends', { exact: false })).toBeVisible();
  await expect(page.getByLabel('List of pages')).toHaveValue('');

  const other = await world.owner.addWebchat({ name: 'Outra' });
  await address.fill('');
  await code.fill(other.install.script);
  await save(page);
  await expect(code).toHaveValue(other.code);
  await expect(address).toHaveValue(world.program.origin);

  await code.fill('');
  await save(page);
  expect(await places(people, other.code, PATHS)).toEqual([]);
});

// D-084
test('the chat stands on the pages chosen and on no others', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const page = await atSettings(people);
  await connect(page, connection.code);
  const found = () => places(people, connection.code, PATHS);
  const list = page.getByLabel('List of pages');

  await page.getByLabel('Only on the pages listed').check();
  await list.fill(`/contato\n${site}/hello-world/\n/`);
  await save(page);
  await expect(list).toHaveValue('/contato/\n/hello-world/\n/');
  expect(await found()).toEqual(['/', '/contato/', '/hello-world/']);

  await page.getByLabel('On all pages but those listed').check();
  await save(page);
  expect(await found()).toEqual(['/sobre/', '/?s=pao']);

  await page.getByLabel('On all pages', { exact: true }).check();
  await page.getByRole('checkbox', { name: 'Posts', exact: true }).uncheck();
  await page.getByRole('checkbox', { name: 'Lists, archives and search results' }).uncheck();
  await save(page);
  expect(await found()).toEqual(['/contato/', '/sobre/']);
  await connect(page, connection.code);
  expect(await found()).toEqual(PATHS);
});

// D-070
test('who is logged in is known to the agents, confirmed by the secret, or has no chat at all', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const { secret } = await world.owner.call<{ secret: string }>(
    'POST',
    `/connections/${connection.id}/identity-secret`,
  );
  const page = await atSettings(people);
  await connect(page, connection.code);
  await page.getByLabel('Tell the agents name and e-mail').check();
  await page.getByLabel('Secret', { exact: true }).fill(secret);
  await save(page);
  await expect(page.getByLabel('Secret', { exact: true })).toHaveValue('');
  expect(await page.content()).not.toContain(secret);

  await page.goto(`${site}/sobre/`);
  expect(await page.content()).not.toContain(secret);
  const visitor = new Visitor(page);
  await visitor.start('Sou eu, a Ana');
  const { id, contact } = await world.owner.waiting('ana');
  expect(contact.email).toBe('ana@vilaclara.com.br');
  const opened = await world.owner.call<OpenedConversation>('GET', `/conversations/${id}`);
  expect(opened.conversation.given).toMatchObject({ customer_id: '1', is_verified: true });

  await page.goto(SCREEN);
  await page.getByLabel('Not for people who are logged in').check();
  await page.getByLabel('Forget the secret').check();
  await save(page);
  await expect(page.getByLabel('Forget the secret')).toHaveCount(0);
  await page.goto(`${site}/sobre/`);
  await expect(page.locator('#wpadminbar')).toBeVisible();
  await expect(page.locator('#balcao-js')).toHaveCount(0);
  expect(await places(people, connection.code, ['/sobre/'])).toEqual(['/sobre/']);
});

test('the screen is there for administrators alone', async ({ people }) => {
  const stranger = await people.browser('stranger');
  const page = await visit(stranger, SCREEN);
  await expect(page).toHaveURL(/wp-login/);
  const ana = await atSettings(people);
  const id = await ana.locator('[name=_wpnonce]').inputValue();
  const answer = await stranger.request.post(
    `${site.replace('wordpress.localhost', '127.0.0.1')}/wp-admin/options.php`,
    {
      headers: { host: new URL(site).host },
      form: { option_page: 'balcao', action: 'update', _wpnonce: id, 'balcao[form]': '1', 'balcao[code]': '' },
      maxRedirects: 0,
    },
  );
  expect(answer.status()).toBe(302);
  expect(answer.headers().location).toContain('wp-login');
});

test('the screen speaks the language of who reads it, or the nearest', async ({ people }) => {
  const inPortuguese = await administrator(people, 'bruno');
  await inPortuguese.goto(SCREEN);
  await expect(inPortuguese.getByRole('heading', { name: 'Onde o chat aparece' })).toBeVisible();
  const inSpanish = await administrator(people, 'carla');
  await inSpanish.goto(SCREEN);
  await expect(inSpanish.getByRole('heading', { name: 'Dónde aparece el chat' })).toBeVisible();
});

// The last one: the plugin is gone after it.
test('removed, it leaves nothing behind', async ({ people }) => {
  const page = await atSettings(people);
  await connect(page, (await world.owner.addWebchat()).code);
  await page.goto(`${site}/wp-admin/plugins.php`);
  await page.locator('#deactivate-balcao').click();
  await expect(page.locator('#activate-balcao')).toBeVisible();
  await page.goto(`${site}/sobre/`);
  await expect(page.locator('#balcao-js')).toHaveCount(0);
  await page.goto(`${site}/wp-admin/plugins.php`);
  page.once('dialog', (dialog) => void dialog.accept());
  await page.locator('#delete-balcao').click();
  await expect(page.getByText('was successfully deleted', { exact: false })).toBeVisible();
  await page.goto(`${site}/wp-admin/options.php`);
  await expect(page.locator('[name=blogname]')).toBeVisible();
  await expect(page.locator('[name=balcao]')).toHaveCount(0);
});
