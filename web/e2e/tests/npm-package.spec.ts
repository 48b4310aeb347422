// The package for npm as applications get it: packed, installed from the tarball without a network, bundled, in a browser.
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { expect, t, test, useWorld } from '../support/test';
import { strictPolicy } from '../support/site';

declare global {
  interface Window {
    /** The application below, for what the tests ask of it. */
    app: {
      heard: string[];
      chat?: { open(): void; close(): void; unload(): void };
      bring(options: object): Promise<string>;
    };
  }
}

const world = useWorld();
const source = fileURLToPath(new URL('../../../integrations/npm', import.meta.url));
const tsc = fileURLToPath(new URL('../../node_modules/.bin/tsc', import.meta.url));

/** An application that puts the chat where it is told, and says what happens. */
const APPLICATION = `
import { load, ChatError, type Chat } from '@balcao/webchat';

declare global {
  interface Window { app: { heard: string[]; chat?: Chat; bring(options: object): Promise<string> } }
}
const heard: string[] = [];
window.app = {
  heard,
  async bring(options) {
    try {
      const chat = await load(options as Parameters<typeof load>[0]);
      for (const what of ['open', 'close', 'start', 'message'] as const) chat.on(what, () => heard.push(what));
      window.app.chat = chat;
      return 'ready';
    } catch (fault) {
      return fault instanceof ChatError ? fault.reason : String(fault);
    }
  },
};
`;

let folder: string;

test.beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'balcao-npm-'));
  const npm = (...args: string[]) => execFileSync('npm', args, { cwd: folder, encoding: 'utf8' });
  const tarball = npm('pack', source, '--silent').trim();
  writeFileSync(join(folder, 'package.json'), '{ "private": true, "type": "module" }');
  npm('install', '--offline', '--no-audit', '--no-fund', '--silent', `./${tarball}`);
  writeFileSync(join(folder, 'app.ts'), APPLICATION);
  const strict = ['--strict', '--noEmit', '--module', 'nodenext', '--target', 'es2022', '--lib', 'es2022,dom'];
  execFileSync(tsc, [...strict, 'app.ts'], { cwd: folder, encoding: 'utf8' });
  await build({
    configFile: false,
    root: folder,
    logLevel: 'warn',
    build: { outDir: 'out', lib: { entry: 'app.ts', formats: ['es'], fileName: 'app' } },
  });
  world.site.put('/app.js', { script: readFileSync(join(folder, 'out/app.js'), 'utf8') });
});

test.afterAll(() => rmSync(folder, { recursive: true, force: true }));

const tag = (nonce = '') => `<script type="module" src="/app.js"${nonce && ` nonce="${nonce}"`}></script>`;

test('the package holds its two files and nothing else, and may be asked on a server', () => {
  const packed = execFileSync('npm', ['pack', source, '--dry-run', '--json'], { cwd: folder, encoding: 'utf8' });
  const [{ files }] = JSON.parse(packed) as [{ files: { path: string }[] }];
  expect(files.map(({ path }) => path).sort()).toEqual(['README.md', 'index.d.ts', 'index.js', 'package.json']);
  const asked = `const { load } = await import('@balcao/webchat');
    const chat = await load({ base: 'https://chat.example', id: '8401be95-5a7c-43e6-8e56-520c334d3314' });
    chat.open(); chat.unload(); console.log('done');`;
  const said = execFileSync(process.execPath, ['--input-type=module', '-e', asked], { cwd: folder, encoding: 'utf8' });
  expect(said.trim()).toBe('done');
});

// D-085, D-086, T-028
test('an application brings the chat, steers it, hears of it and takes it off again', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const options = { base: world.program.origin, id: connection.code };
  const policy = strictPolicy(world.program.origin);
  const visitor = await people.visitor(world.site.put('/aplicacao', { body: tag(), policy }));
  const { page } = visitor;
  const bring = (more: object = {}) => page.evaluate((o) => window.app.bring(o), { ...options, ...more });
  await page.waitForFunction(() => 'app' in window);
  await expect(visitor.launcher).toHaveCount(0);

  expect(await Promise.all([bring({ contact: { name: 'Marina Ribeiro' } }), bring()])).toEqual(['ready', 'ready']);
  await expect(visitor.launcher).toHaveCount(1);
  await page.evaluate(() => window.app.chat?.open());
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.write('Pelo pacote');
  await visitor.expectTexts(['Pelo pacote']);
  await world.owner.waiting('Marina Ribeiro');
  await page.evaluate(() => window.app.chat?.close());
  await expect(visitor.frame).toBeHidden();
  await expect
    .poll(() => page.evaluate(() => [...new Set(window.app.heard)]))
    .toEqual(['open', 'start', 'message', 'close']);

  // Two had loaded it.
  await page.evaluate(() => window.app.chat?.unload());
  await expect(visitor.launcher).toHaveCount(1);
  await bring();
  await page.evaluate(() => window.app.chat?.unload());
  expect(await bring()).toBe('ready');
  await expect(visitor.launcher).toHaveCount(1);
});

// D-085
test('given back by everybody it is gone, stays gone and comes back with its conversation', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const options = { base: world.program.origin, id: connection.code };
  const policy = strictPolicy(world.program.origin);
  const visitor = await people.visitor(world.site.put('/volta', { body: tag(), policy }));
  const { page } = visitor;
  const bring = () => page.evaluate((o) => window.app.bring(o), options);
  await page.waitForFunction(() => 'app' in window);
  expect(await bring()).toBe('ready');
  await visitor.start('Antes');
  await page.evaluate(() => window.app.chat?.unload());
  await expect(page.locator(`#balcao-${connection.code}`)).toHaveCount(0);
  await page.evaluate(() => document.body.append(document.createElement('main')));
  await expect(page.locator(`#balcao-${connection.code}`)).toHaveCount(0);
  expect(await page.evaluate(() => document.scripts.length)).toBe(1);
  expect(await bring()).toBe('ready');
  // As on a site's next page: open, since it was.
  await visitor.expectTexts(['Antes']);
});

// D-072, D-086
test('with a nonce alone it is let in; where it is not, the application is told why', async ({ people, faults }) => {
  const { origin } = world.program;
  const connection = await world.owner.addWebchat();
  const options = { base: origin, id: connection.code };
  const nonce = `script-src 'nonce-cafe'; connect-src ${origin}; frame-src ${origin}; object-src 'none'`;
  const visitor = await people.visitor(world.site.put('/nonce', { body: tag('cafe'), policy: nonce }));
  await visitor.page.waitForFunction(() => 'app' in window);
  const bring = (more: object) => visitor.page.evaluate((o) => window.app.bring(o), { ...options, ...more });
  faults.allow(/script-src-elem blocked/);
  faults.allow(/violates the following Content Security Policy directive/);
  expect(await bring({})).toBe('blocked');
  expect(await bring({ nonce: 'cafe' })).toBe('ready');
  await visitor.openPanel();

  const elsewhere = await world.owner.addWebchat({ settings: { allowed_domains: ['outra.example'] } });
  const policy = strictPolicy(origin);
  const stranger = await people.visitor(world.site.put('/estranho', { body: tag(), policy }));
  await stranger.page.waitForFunction(() => 'app' in window);
  const refused = (id: string) => stranger.page.evaluate((o) => window.app.bring(o), { ...options, id });
  expect(await refused(elsewhere.code)).toBe('refused');
  expect(await refused('00000000-0000-4000-8000-000000000000')).toBe('refused');
  await expect(stranger.launcher).toHaveCount(0);
});
