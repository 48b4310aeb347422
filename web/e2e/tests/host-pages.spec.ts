// The chat on pages as they are found in the wild: what they do to their scripts, styles and frames harms neither side.
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { strictPolicy } from '../support/site';
import { Visitor } from '../support/visitor';
import type { Connection } from '@balcao/api';

const world = useWorld();

const tag = ({ code }: Connection) => `<script async src="${world.program.origin}/widgets/${code}.js"></script>`;
const script = (text: string) => `<script>${text}</script>`;

/** A conversation is begun and reaches the team. */
async function converse(visitor: Visitor, name: string): Promise<void> {
  await visitor.start('Bom dia', name);
  await world.owner.waiting(name);
  await visitor.write('Ainda estão aí?');
  await visitor.expectTexts(['Bom dia', 'Ainda estão aí?']);
}

// T-028
test('a page that takes fetch, JSON and the like for itself once the chat stands keeps its chat', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/tomados' }));
  await expect(visitor.launcher).toBeVisible();
  await visitor.page.evaluate(() => {
    const broken = () => {
      throw new Error('this page has its own');
    };
    Object.assign(window, { fetch: broken, XMLHttpRequest: broken, JSON: { parse: broken, stringify: broken } });
  });
  await converse(visitor, 'Página tomada');
});

// T-028
test('a page that had changed them before, as old libraries do, has its chat', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const body =
    script(`
      const own = window.fetch;
      window.fetch = function (...args) { return own.apply(this, args).then((answer) => answer); };
      Array.prototype.toJSON = function () { return 'an array'; };
      Object.prototype.extra = function () {};
      String.prototype.strip = function () { return this; };
      const { parse, stringify } = JSON;
      window.JSON = { parse: (text) => parse(text), stringify: (value) => stringify(value) };
    `) + tag(connection);
  const visitor = await people.visitor(world.site.put('/antiga', { body }));
  await converse(visitor, 'Página antiga');
});

// T-028
test('where a page has broken them for everybody it gets no error of ours, and goes on', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const body =
    script(`
      const broken = () => { throw new Error('broken by the page'); };
      window.fetch = broken;
      window.JSON = { parse: broken, stringify: broken };
      Object.defineProperty(window, 'localStorage', { get: broken });
      Object.defineProperty(window, 'sessionStorage', { get: broken });
    `) +
    tag(connection) +
    '<label>Nome <input /></label>';
  const visitor = await people.visitor(world.site.put('/quebrada', { body }));
  await visitor.launcher.click();
  await visitor.page.getByLabel('Nome').fill('Marina');
  await expect(visitor.page.getByLabel('Nome')).toHaveValue('Marina');
  await visitor.page.keyboard.press('Escape');
});

// T-028, D-085
test('the page’s styles do not reach the chat, nor the chat’s the page', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const body = `<style>
      * { box-sizing: content-box !important; font-size: 40px !important; color: red !important; letter-spacing: 1em; }
      div, button, iframe { display: none !important; opacity: 0 !important; position: static !important; }
    </style>${tag(connection)}`;
  const visitor = await people.visitor(world.site.put('/estilos', { body }));
  await expect(visitor.launcher).toBeVisible();
  const box = (await visitor.launcher.boundingBox())!;
  expect(box.width).toBeLessThan(80);
  expect(box.x).toBeGreaterThan(visitor.page.viewportSize()!.width / 2);
  await converse(visitor, 'Página de estilos');
});

// T-002, T-028
test('over pages that stack their parts very high the button can be pressed', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const layer = (z: number) =>
    `<p style="position:fixed;inset:0;margin:0;z-index:${z};background:rgb(250 250 250)">${z}</p>`;
  const body = [9_999, 999_999_999, 2_147_482_999].map(layer).join('') + tag(connection);
  const visitor = await people.visitor(world.site.put('/camadas', { body }));
  await converse(visitor, 'Página de camadas');
});

// T-002
test('on a page that runs from right to left the chat stands where it was set, and reads from left to right', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const body = script(`document.documentElement.dir = 'rtl'; document.documentElement.lang = 'ar';`) + tag(connection);
  const visitor = await people.visitor(world.site.put('/direita', { body }));
  const { width } = visitor.page.viewportSize()!;
  expect((await visitor.launcher.boundingBox())!.x).toBeGreaterThan(width - 120);
  await converse(visitor, 'Página ao contrário');
  await expect(visitor.field).toHaveCSS('direction', 'ltr');
  const frame = (await visitor.frame.boundingBox())!;
  expect(frame.x + frame.width).toBeLessThanOrEqual(width);
  expect(frame.x).toBeGreaterThan(width / 2);
});

// D-085, T-028
test('a page in a frame of another site has its chat; in a closed box it gets no error', async ({ people, faults }) => {
  faults.allow(/^visitor: Framing /); // What Chromium says of a box without an origin, where no panel may be.
  const connection = await world.owner.addWebchat();
  const inside = shopPage(world, connection, { path: '/dentro' });
  const other = inside.replace('loja.localhost', 'outra.localhost');
  const around = await people.visitor(
    world.site.put('/fora-do-quadro', {
      body: `<iframe title="Loja" src="${other}" width="900" height="700"></iframe>`,
    }),
  );
  const frame = around.page.frameLocator('iframe[title=Loja]');
  await frame.locator('button.launcher').click();
  const panel = frame.frameLocator('iframe[title=Chat]');
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await panel.getByLabel(t('widget.form.name')).fill('Página no quadro');
  await panel.getByLabel(t('widget.form.message')).fill('Bom dia');
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await world.owner.waiting('Página no quadro');

  const boxed = await people.visitor(
    world.site.put('/caixa', {
      body: `<iframe title="Loja" sandbox="allow-scripts" src="${world.site.put('/na-caixa', { body: tag(connection) })}"
        width="900" height="700"></iframe>`,
    }),
  );
  const launcher = boxed.page.frameLocator('iframe[title=Loja]').locator('button.launcher');
  await expect(launcher).toBeVisible();
  await launcher.click();
  await expect(launcher).toHaveAttribute('aria-expanded', 'true');
});

// D-072
test('where the chat is not allowed the server says no, also to a page that pretends, and nothing shows', async ({
  people,
  faults,
}) => {
  const connection = await world.owner.addWebchat({ settings: { allowed_domains: ['vilaclara.com.br'] } });
  const { origin } = world.program;
  faults.allow(/^visitor: Framing /); // What Chromium says of a panel that says no.
  // A page that says to the loader that all is well: the pattern it carries is only there to be quiet early.
  const body = script(`RegExp.prototype.test = () => true;`) + tag(connection);
  const visitor = await people.visitor(world.site.put('/finge', { body, policy: undefined }));
  await visitor.launcher.click();
  await expect(visitor.page.locator(`#balcao-${connection.code}`)).toHaveCount(0);
  const status = await visitor.page.evaluate(async (address) => {
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${address}/ticket`, { method: 'POST', headers, body: '{}' })).status;
  }, `${origin}/widgets/${connection.code}`);
  expect(status).toBe(403);
  await expect.poll(() => faults.ownWarnings).toContain('[balcao] not available here');

  const quiet = await people.visitor(
    world.site.put('/quieto', { body: tag(connection), policy: strictPolicy(origin) }),
  );
  await expect.poll(() => faults.ownWarnings.length).toBeGreaterThan(1);
  await expect(quiet.launcher).toHaveCount(0);
  await expect(quiet.frame).toHaveCount(0);
});
