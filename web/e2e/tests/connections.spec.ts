// The webchat connection: its form, its script, two people editing it at once, switching it off, deleting it.
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import type { Desk } from '../support/desk';
import type { Visitor } from '../support/visitor';

const world = useWorld();

const field = (desk: Desk, key: string) => desk.page.getByLabel(t(`console.webchat.${key}`), { exact: true });
const item = (desk: Desk, name: string) => desk.page.getByRole('listitem').filter({ hasText: name });
const menu = (desk: Desk, name: string) =>
  desk.page.getByRole('button', { name: t('console.action.moreFor', { name }), exact: true });

// D-001, D-002, D-004, D-005, D-060, D-061, D-062, D-063, D-071
test('a webchat is created on its own page and answers with the script and its code', async ({ people }) => {
  const ana = await people.agent(world, undefined, { permissions: ['clipboard-read', 'clipboard-write'] });
  await ana.go('/settings/connections');
  await expect(ana.page.getByText(t('console.connections.empty'))).toBeVisible();
  await ana.page.getByRole('link', { name: t('console.connections.connect'), exact: true }).click();
  await expect(ana.page).toHaveURL(/\/settings\/connections\/new$/);

  await field(ana, 'name').fill('');
  await field(ana, 'name').blur();
  await expect(field(ana, 'name')).toHaveAttribute('aria-invalid', 'true');
  await ana.button('console.connections.create').click();
  await expect(ana.dialog).toHaveCount(0);
  await expect(field(ana, 'name')).toBeFocused();

  await field(ana, 'name').fill('Site da padaria');
  await field(ana, 'pluginName').fill('Vila Clara');
  await field(ana, 'colour').fill('#c2410c');
  await ana.button('console.connections.create').click();
  await expect(ana.dialog.getByRole('heading', { name: t('console.connections.createdTitle') })).toBeVisible();
  const [script = '', code = '', popup = ''] = await ana.dialog.locator('code').allTextContents();
  expect(code).toMatch(/^[\da-f]{8}-[\da-f]{4}-4[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
  expect(script).toContain(`window.balcao = { id: "${code}" }`);
  expect(script).toContain(`<script async src="${world.program.origin}/widgets/${code}.js"></script>`);
  expect(popup).toBe(`${world.program.origin}/widgets/${code}`);
  for (const [label, text] of [
    ['script', script],
    ['code', code],
  ] as const) {
    await ana.dialog
      .getByRole('button', { name: `${t('console.action.copy')}: ${t(`console.connections.${label}`)}` })
      .click();
    await expect(
      ana.dialog.getByRole('button', { name: new RegExp(`^${t('console.action.copied')}`) }).first(),
    ).toBeVisible();
    expect(await ana.page.evaluate(() => navigator.clipboard.readText())).toBe(text);
  }
  await ana.button('console.action.done').click();

  await expect(item(ana, 'Site da padaria')).toContainText(t('console.connections.neverSeen'));
  await ana.choose(menu(ana, 'Site da padaria'), t('console.connections.viewScript'));
  await expect(ana.dialog.locator('code').first()).toHaveText(script);
});

// D-041
test('a colour that is none is said to be wrong on leaving the field', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/settings/connections/new');
  await field(ana, 'colour').fill('verde');
  await field(ana, 'colour').blur();
  await expect(ana.page.getByText(t('console.webchat.colourWrong'))).toBeVisible({ timeout: 2_000 });
  await field(ana, 'colour').fill('#c2410c');
  await expect(ana.page.getByText(t('console.webchat.colourWrong'))).toBeHidden();
});

// D-006, D-007
test('the links to WhatsApp and Telegram stand beside their fields once they are saved', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Site com outros canais' });
  const ana = await people.agent(world);
  await ana.go(`/settings/connections/${connection.id}`);
  await field(ana, 'whatsapp').fill('(11) 98765-4321');
  await field(ana, 'telegram').fill('(31) 98765-4321');
  await expect(ana.page.locator('a[href^="https://wa.me/"]')).toHaveCount(0);
  await ana.button('console.action.save').click();
  await expect(ana.page.getByRole('link', { name: 'https://wa.me/5511987654321' })).toBeVisible();
  await expect(ana.page.getByRole('link', { name: 'https://t.me/+5531987654321' })).toBeVisible();
  await field(ana, 'whatsapp').fill('onze');
  await expect(ana.page.locator('a[href^="https://wa.me/"]')).toHaveCount(0);
  await ana.button('console.action.save').click();
  await expect(ana.page.getByText(t('error.phone_invalid'))).toBeVisible();

  const visitor = await people.visitor(shopPage(world, connection, { path: '/canais' }));
  await visitor.openPanel();
  const telegram = visitor.panel.getByRole('link', { name: 'Telegram' });
  await expect(telegram).toHaveAttribute('href', 'https://t.me/+5531987654321');
});

// D-063, D-088
test('the pasted script works, and the list then says where the chat was last seen', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Site com script colado' });
  const ana = await people.agent(world);
  await ana.go('/settings/connections');
  await expect(item(ana, connection.name)).toContainText(t('console.connections.neverSeen'));
  const visitor = await people.visitor(world.site.put('/colado', { body: connection.install.script }));
  await visitor.openPanel();
  await ana.page.reload();
  await expect(item(ana, connection.name)).toContainText('loja.localhost'); // Referrers of other sites end there.
});

// D-084, D-085, D-087, D-088, T-006
test('the page about installing has what each kind of site needs, and says when the chat has arrived', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Site a instalar' });
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/connections');
  await ana.choose(menu(ana, 'Site a instalar'), t('console.install.more'));
  await expect(page.getByText(t('console.install.waiting'))).toBeVisible();
  await show({ page, name: '28-install', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  const copied = () => page.getByRole('region').first().locator('code').allTextContents();
  expect(await copied()).toEqual([connection.install.script]);
  await page.getByRole('radio', { name: t('console.install.system') }).check();
  expect(await copied()).toEqual([connection.code]);
  await page.getByRole('radio', { name: t('console.install.window') }).check();
  expect((await copied())[0]).toBe(connection.install.popup_url);
  await page.getByRole('radio', { name: t('console.install.app') }).check();
  const code = (await copied()).at(-1) ?? '';

  // What it says for a single-page app does what it says, also when it is called twice.
  const visitor = await people.visitor(world.site.put('/spa', { body: '<p>Loja</p>' }));
  await visitor.page.evaluate(code);
  await visitor.page.evaluate(code);
  await expect(visitor.launcher).toHaveCount(1);
  await expect(page.getByRole('status').filter({ hasText: 'loja.localhost' })).toBeVisible({ timeout: 15_000 });
  await expect(page.getByText(t('console.install.waiting'))).toHaveCount(0);
});

// D-048
test('a change shows on sites that carry the script already', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Site que muda', settings: { greeting: 'Bem-vindo' } });
  const address = shopPage(world, connection, { path: '/muda' });
  const before = await people.visitor(address);
  await before.openPanel();
  await expect(before.panel.getByRole('heading', { name: 'Bem-vindo' })).toBeVisible();

  const ana = await people.agent(world);
  await ana.go(`/settings/connections/${connection.id}`);
  await field(ana, 'greeting').fill('Bom dia, vizinho');
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  const after = await people.visitor(address);
  await after.openPanel();
  await expect(after.panel.getByRole('heading', { name: 'Bom dia, vizinho' })).toBeVisible();
});

test('two people who edit at once do not overwrite each other', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Site a quatro mãos' });
  const path = `/settings/connections/${connection.id}`;
  const first = await people.agent(world);
  const second = await people.agent(world);
  await first.go(path);
  await second.go(path);
  await field(first, 'greeting').fill('Saudação da primeira');
  await field(second, 'callToAction').fill('Chamada da segunda');
  await first.button('console.action.save').click();
  await expect(first.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await second.button('console.action.save').click();
  await expect(second.page.getByText(t('console.form.conflict'))).toBeVisible();
  await expect(field(second, 'callToAction')).toHaveValue('Chamada da segunda');
  await second.button('console.form.rebase').click();
  await expect(field(second, 'greeting')).toHaveValue('Saudação da primeira');
  await expect(field(second, 'callToAction')).toHaveValue('Chamada da segunda');
  await second.button('console.action.save').click();
  await expect(second.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await first.page.reload();
  await expect(field(first, 'callToAction')).toHaveValue('Chamada da segunda');
  await expect(field(first, 'greeting')).toHaveValue('Saudação da primeira');
});

test('leaving a changed form asks first', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Site pela metade' });
  const ana = await people.agent(world);
  await ana.go(`/settings/connections/${connection.id}`);
  await field(ana, 'greeting').fill('Nunca salva');
  const toPeople = ana.page.getByRole('link', { name: t('console.people.title'), exact: true });
  await toPeople.click();
  await expect(ana.dialog.getByText(t('console.form.leaveText'))).toBeVisible();
  await ana.button('console.form.stay').click();
  await expect(field(ana, 'greeting')).toHaveValue('Nunca salva');
  await toPeople.click();
  await ana.dialog.getByRole('button', { name: t('console.action.discard') }).click();
  await expect(ana.page).toHaveURL(/\/settings\/people$/);
});

// D-074
test('a disabled chat leaves the sites quietly and comes back; a deleted one stays away', async ({
  people,
  faults,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Site de verão' });
  const address = shopPage(world, connection, { path: '/verao' });
  const ana = await people.agent(world);
  await ana.go('/settings/connections');
  const open = await people.visitor(address);
  await open.start('Oi');
  await ana.choose(menu(ana, connection.name), t('console.connections.disable'));
  await expect(item(ana, connection.name)).toContainText(t('console.connections.off'));
  await expect(open.panel.getByText(t('widget.line.gone')).or(open.frame)).toBeVisible();
  await open.page.reload();
  await expect(open.page.getByRole('heading')).toBeVisible();
  await expect.poll(() => faults.ownWarnings.length).toBe(1);
  await expect(open.launcher).toHaveCount(0);

  await ana.choose(menu(ana, connection.name), t('console.connections.enable'));
  await expect(item(ana, connection.name)).not.toContainText(t('console.connections.off'));
  const back = await people.visitor(address);
  await expect(back.launcher).toBeVisible();

  await ana.choose(menu(ana, connection.name), t('console.action.delete'));
  const remove = ana.dialog.getByRole('button', { name: t('console.action.delete'), exact: true });
  await expect(remove).toBeDisabled();
  await ana.dialog.getByRole('textbox').fill(connection.name);
  await remove.click();
  await expect(item(ana, connection.name)).toHaveCount(0);
  const late = await people.visitor(address);
  await expect.poll(() => faults.ownWarnings.length).toBe(2);
  await expect(late.launcher).toHaveCount(0);
});

// D-074
test('a chat switched off under open panels says so, keeps what waits, and comes back by itself', async ({
  people,
}) => {
  await world.owner.say('online');
  const ana = await people.agent(world);
  await ana.go();
  const connection = await world.owner.addWebchat({ name: 'Site de outono' });
  const address = shopPage(world, connection, { path: '/outono' });
  const start = (visitor: Visitor) => visitor.panel.getByRole('button', { name: t('widget.home.start') });
  const message = (visitor: Visitor) => visitor.panel.getByLabel(t('widget.form.message'));
  const looking = await people.visitor(address);
  await looking.openPanel();
  await expect(looking.panel.getByText(t('widget.home.online'))).toBeVisible();
  const filling = await people.visitor(address);
  await filling.openPanel();
  await start(filling).click();
  await message(filling).fill('Quase pronta');
  const talking = await people.visitor(address);
  await talking.start('Oi');
  await talking.expectMark('sent');
  await talking.page.context().setOffline(true);
  await talking.write('Escrita sem rede');
  await talking.expectMark('waiting');

  const off = await world.owner.changeWebchat(connection, { is_enabled: false });
  await talking.page.context().setOffline(false);
  for (const visitor of [looking, filling]) {
    await expect(start(visitor)).toContainText(t('widget.line.gone'));
    await expect(start(visitor)).toBeDisabled();
    await expect(visitor.panel.getByText(t('widget.line.gone'))).toHaveCount(1);
    await expect(visitor.panel.getByText(t('widget.home.online'))).toHaveCount(0);
  }
  await expect(talking.panel.getByText(t('widget.line.gone'))).toBeVisible();
  await expect(talking.field).toBeDisabled();
  await expect(talking.field).toHaveAttribute('placeholder', t('widget.line.gone'));
  await expect(talking.panel.locator('header')).not.toContainText(t('widget.chat.position', { position: 1 }));
  await talking.expectMark('waiting');
  await talking.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await expect(start(talking)).toContainText(t('widget.line.gone'));
  await talking.panel.locator('.card.own').click();

  await world.owner.changeWebchat(off, { is_enabled: true });
  // What the browser says when the network comes back; else it would be asked within a minute.
  const all = [looking, filling, talking];
  await Promise.all(all.map(({ page }) => page.frames()[1]?.evaluate(() => dispatchEvent(new Event('online')))));
  await expect(looking.panel.getByText(t('widget.home.online'))).toBeVisible();
  await start(filling).click();
  await expect(message(filling)).toHaveValue('Quase pronta');
  await talking.expectTexts(['Oi', 'Escrita sem rede']);
  await talking.expectMark('sent');
  await expect(talking.panel.getByText(t('widget.line.gone'))).toBeHidden();
  await talking.write('De volta');
  await expect(ana.rows.filter({ hasText: 'De volta' })).toBeVisible();
});

// D-074
test('a page that still holds the loader logs no error when the chat was switched off', async ({ people, faults }) => {
  const connection = await world.owner.addWebchat({ name: 'Site de inverno' });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/inverno' }));
  await expect(visitor.launcher).toBeVisible();
  await world.owner.changeWebchat(connection, { is_enabled: false });
  await visitor.launcher.click();
  await expect(visitor.launcher).toHaveCount(0);
  expect(faults.ownWarnings).toHaveLength(1);
  expect(faults.found).toEqual([]);
});

// D-072
test('a site that is not on the list shows nothing', async ({ people, faults }) => {
  const connection = await world.owner.addWebchat({ settings: { allowed_domains: ['vilaclara.com.br'] } });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/estranho' }));
  await expect.poll(() => faults.ownWarnings.length).toBe(1);
  await expect(visitor.launcher).toHaveCount(0);
});
