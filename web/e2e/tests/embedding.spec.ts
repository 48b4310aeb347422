// How a site may place the chat: side, opening by itself, its own buttons, several pages, the pop-up.
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { openShadowRoots, Visitor } from '../support/visitor';

const world = useWorld();
const PHONE = { viewport: { width: 380, height: 760 }, isMobile: true, hasTouch: true };

// D-020, D-021, D-066
test('the chat opens by itself where that is set, by device, and a page may say otherwise', async ({ people }) => {
  const desktop = await world.owner.addWebchat({ settings: { start_open_desktop: true } });
  const wide = await people.visitor(shopPage(world, desktop, { path: '/aberto' }));
  await expect(wide.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  const phone = await people.visitor(shopPage(world, desktop, { path: '/aberto' }), PHONE);
  await expect(phone.launcher).toBeVisible();
  await expect(phone.frame).toHaveCount(0);
  const closed = await people.visitor(shopPage(world, desktop, { path: '/fechado', payload: { startOpen: false } }));
  await expect(closed.launcher).toHaveAttribute('aria-expanded', 'false');
  await expect(closed.frame).toHaveCount(0);
});

test('on a phone Back closes the chat and stays on the page, which keeps its state and its address', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const before = world.site.put('/entrada', { body: '<p>Entrada</p>' });
  const visitor = await people.visitor(before, PHONE);
  const { page } = visitor;
  await page.goto(shopPage(world, connection, { path: '/vitrine' }));
  await page.evaluate(() => history.replaceState({ step: 3 }, '', '/vitrine?pagina=2'));
  const place = () => page.evaluate(() => [location.pathname + location.search, history.state] as const);
  const here = ['/vitrine?pagina=2', { step: 3 }];
  const length = await page.evaluate(() => history.length);
  const added = async () => (await page.evaluate(() => history.length)) - length;

  await visitor.openPanel();
  await page.evaluate(() => (window as unknown as { balcao: { open(): void } }).balcao.open());
  expect(await place()).toEqual(here);
  expect(await added()).toBe(1);
  await page.goBack();
  await expect(visitor.frame).toBeHidden();
  expect(await place()).toEqual(here);

  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.close') }).click();
  await expect(visitor.frame).toBeHidden();
  await visitor.openPanel();
  expect(await place()).toEqual(here);
  expect(await added()).toBe(1);
  await page.goBack();
  await expect(visitor.frame).toBeHidden();
  await page.goBack();
  await expect(page).toHaveURL(before);
});

test('on a phone a page that is loaded anew under the open chat needs one Back, as if the chat had never been open', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const before = world.site.put('/porta', { body: '<p>Porta</p>' });
  const visitor = await people.visitor(before, PHONE);
  const { page } = visitor;
  const shop = shopPage(world, connection, { path: '/balcao' });
  await page.goto(shop);
  await page.evaluate(() => history.replaceState({ step: 3 }, ''));
  await visitor.openPanel();
  await page.reload();
  await expect(visitor.launcher).toBeVisible();
  await expect(visitor.frame).toBeHidden();
  // The step that the chat had taken is gone from behind the page, which keeps its state.
  await expect
    .poll(() =>
      page.evaluate(() => (window as never as { navigation: { canGoForward: boolean } }).navigation.canGoForward),
    )
    .toBe(true);
  expect(await page.evaluate(() => history.state)).toEqual({ step: 3 });
  await visitor.openPanel();
  await page.goBack();
  await expect(visitor.frame).toBeHidden();
  await expect(page).toHaveURL(shop);
  await page.goBack();
  await expect(page).toHaveURL(before);
});

test('on a phone a page that took the place of the chat in the history is loaded anew where it is', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/lugar' }), PHONE);
  await visitor.openPanel();
  await visitor.page.evaluate(() => history.replaceState({ step: 2 }, '', '/lugar?pagina=2'));
  await visitor.page.reload();
  await expect(visitor.launcher).toBeVisible();
  await visitor.openPanel();
  await expect(visitor.page).toHaveURL(/lugar\?pagina=2$/);
});

test('on a phone a page that goes elsewhere under the open chat is not taken back', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/passos' }), PHONE);
  await visitor.openPanel();
  await visitor.page.evaluate(() => history.pushState({ step: 2 }, '', '/passos/dois'));
  await visitor.panel.getByRole('button', { name: t('widget.close') }).click();
  await expect(visitor.frame).toBeHidden();
  await expect(visitor.page).toHaveURL(/\/passos\/dois$/);
});

test('on a desktop the chat leaves the history alone', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/mesa' }));
  const length = () => visitor.page.evaluate(() => history.length);
  const before = await length();
  await visitor.openPanel();
  expect(await length()).toBe(before);
});

// D-067, D-068
test('a page without the launcher opens the chat with buttons of its own', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const address = shopPage(world, connection, { path: '/botao', payload: { visibleButton: false } });
  const visitor = await people.visitor(address);
  await expect(visitor.page.locator(`#balcao-${connection.code}`)).toBeAttached();
  await expect(visitor.launcher).toBeHidden();
  await visitor.page.evaluate(() => {
    const button = document.createElement('button');
    button.id = 'btn-webchat';
    button.textContent = 'Fale conosco';
    document.querySelector('main')?.append(button);
  });
  await visitor.page.getByRole('button', { name: 'Fale conosco' }).click();
  await expect(visitor.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await visitor.page.keyboard.press('Escape');
  await expect(visitor.frame).toBeHidden();
});

// T-002, D-040
test('the launcher stands on the chosen side, and its call can be dismissed for the visit', async ({ people }) => {
  const connection = await world.owner.addWebchat({
    settings: { position: 'left', call_to_action: 'Precisa de ajuda?' },
  });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/esquerda' }));
  expect((await visitor.launcher.boundingBox())?.x).toBeLessThan(100);
  const call = visitor.page.getByRole('button', { name: 'Precisa de ajuda?' });
  await expect(call).toBeVisible();
  await visitor.page.getByRole('button', { name: t('widget.loader.dismiss') }).click();
  await expect(call).toBeHidden();
  await visitor.page.reload();
  await expect(visitor.launcher).toBeVisible();
  await expect(call).toBeHidden();
});

// T-020, T-027: what stood in pages from the start stays served as it was: this text is not to be changed.
test('a script that was pasted with the first version brings the chat today', async ({ people }) => {
  const { code } = await world.owner.addWebchat({ settings: { ask_name: false } });
  const { origin } = world.program;
  const body =
    `<script>window.balcao = { id: "${code}" };</script>\n` +
    `<script async src="${origin}/widgets/${code}.js"></script>`;
  const context = await people.browser('visitor');
  await openShadowRoots(context);
  const page = await context.newPage();
  await page.goto(world.site.put('/antigo', { title: 'Loja', body }));
  await new Visitor(page).start('Pela página antiga');
});

// D-085
test('a script that stands twice draws one chat, and it survives a page that redraws itself', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const tag = `<script async src="${world.program.origin}/widgets/${connection.code}.js"></script>`;
  const visitor = await people.visitor(world.site.put('/dobrado', { body: tag + tag }));
  await expect(visitor.launcher).toHaveCount(1);
  await visitor.page.evaluate(() => {
    document.body.replaceChildren(document.createElement('main'));
    history.pushState({}, '', '/dobrado/outra');
  });
  await expect(visitor.launcher).toHaveCount(1);
  await visitor.start('Depois da troca de página');
});

// T-001, T-003, T-026
test('the pop-up is a page of its own that keeps its conversation', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const context = await people.browser('visitor');
  const page = await context.newPage();
  await page.goto(connection.install.popup_url);
  const popup = new Visitor(page, true);
  await popup.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await popup.write('Pela janela própria');
  await popup.expectTexts(['Pela janela própria']);
  await page.reload();
  await popup.expectTexts(['Pela janela própria']);
  expect((await world.owner.conversations('queue')).map((row) => row.last_message?.text)).toContain(
    'Pela janela própria',
  );
});
