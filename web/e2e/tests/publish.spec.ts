// From "Integrate and publish" to the site, and what a page may say of its visitors: which department, who is there, and with whose signature.
import { createHmac } from 'node:crypto';
import { Api } from '../support/api';
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { strictPolicy } from '../support/site';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { openShadowRoots, Visitor } from '../support/visitor';

const world = useWorld();
const BRUNO = { name: 'Bruno Alves', email: 'bruno@vilaclara.com.br', password: 'pão de queijo às 7' };

// T-001, T-006 to T-008, T-020, T-021, T-023, T-024, T-030, X-021
test('the assistant is found by its name, and what it gives works on a page as it is', async ({ people }) => {
  const finance = await world.owner.addDepartment('Financeiro');
  const connection = await world.owner.addWebchat({ name: 'Loja virtual' });
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/');
  await page.keyboard.press('Control+k');
  await page.getByRole('dialog').getByRole('combobox').fill('rodapé');
  await page.getByRole('option', { name: t('console.publish.title') }).click();
  await expect(page.getByRole('radio', { name: t('console.publish.docked') })).toBeChecked();
  await show({ page, name: '29-publish-1' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.button('console.publish.next').click();
  await page.getByLabel(t('console.publish.department')).click();
  await expect(page.getByRole('option', { name: t('console.publish.choose') })).toBeVisible();
  await page.getByRole('option', { name: 'Financeiro' }).click();
  await show({ page, name: '29-publish-2', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.button('console.publish.next').click();
  await page.getByRole('switch', { name: t('console.publish.startOpen') }).click();
  await page.getByLabel(t('console.webchat.position')).click();
  await page.getByRole('option', { name: t('console.webchat.positionLeft') }).click();
  await show({ page, name: '29-publish-3' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(page)).toEqual([]);
  const script = (await page.locator('code').first().textContent()) ?? '';
  expect(script).toContain(`payload: { department: "${finance.id}", position: "left", startOpen: true }`);

  const context = await people.browser('Marina');
  await openShadowRoots(context);
  const site = await context.newPage();
  await site.goto(world.site.put('/colado', { title: 'Loja', body: script }));
  const marina = new Visitor(site);
  await marina.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await marina.panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await marina.panel.getByLabel(t('widget.form.message')).fill('Preciso da segunda via');
  await marina.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await marina.expectTexts(['Preciso da segunda via']);
  const side = await marina.launcher.evaluate((button) => button.getBoundingClientRect().left);
  expect(side).toBe(20);
  const waiting = await world.owner.waiting('Marina Ribeiro');
  expect(waiting.department_id).toBe(finance.id);

  // The other ways: a link and a button to the chat's own page.
  await ana.button('console.publish.back').click();
  await ana.button('console.publish.back').click();
  await page.getByRole('radio', { name: t('console.publish.popup') }).check();
  await ana.button('console.publish.next').click();
  await ana.button('console.publish.next').click();
  await expect(page.locator('code').first()).toContainText(
    `<a href="${connection.install.popup_url}?department=${finance.id}"`,
  );
  await expect(page.locator('code').last()).toHaveText(`${connection.install.popup_url}?department=${finance.id}`);
});

// T-029, D-070
test('the team sees whom the site says is there; signed, the conversation goes on on another device', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Portal' });
  const ana = await people.agent(world);
  await ana.go(`/settings/connections/${connection.id}/install`);
  await ana.button('console.identity.show').click();
  await expect(ana.button('console.identity.renew')).toBeVisible();
  const secret =
    (await ana.page
      .getByRole('region', { name: t('console.identity.title') })
      .locator('code')
      .first()
      .textContent()) ?? '';
  expect(secret).toMatch(/^[\w-]{43}$/);
  await show({ page: ana.page, name: '28-install-identity', sizes: [1440, 380] });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(ana.page)).toEqual([]);

  const id = 'cliente 4711';
  const hash = createHmac('sha256', secret).update(id).digest('hex');
  const contact = { id, hash, name: 'Marina Ribeiro', phone: '11 98765-4321' };
  const payload = { contact, custom: { Plano: 'Fibra 600', Pedidos: 3 } };
  const address = shopPage(world, connection, { path: '/portal', payload });
  const computer = await people.visitor(address);
  await computer.openPanel();
  await computer.panel.getByRole('button', { name: t('widget.home.start') }).click();
  // The name is known: nothing is asked for.
  await computer.write('Minha internet caiu');
  await computer.expectTexts(['Minha internet caiu']);

  const phone = await people.visitor(address);
  await phone.openPanel();
  await phone.expectTexts(['Minha internet caiu']);
  // Logged out, nobody's conversation is there.
  await phone.page.evaluate('balcao.identify()');
  await expect(phone.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await expect(phone.panel.getByText('Minha internet caiu')).toHaveCount(0);

  const waiting = (await world.owner.conversations('queue')).find(
    ({ contact }) => contact.name === 'Marina Ribeiro' && contact.phone,
  );
  await ana.go(`/conversations/${waiting?.id}`);
  const pane = ana.page.getByRole('complementary', { name: t('console.context.title') });
  await expect(pane.getByText(t('console.context.customer', { id }))).toBeVisible();
  await expect(pane.getByText(t('console.context.verified'))).toBeVisible();
  await expect(pane.getByText('Fibra 600')).toBeVisible();
  await show({ page: ana.page, name: '52-context-given', sizes: [1440] });
  expect(await violations(ana.page)).toEqual([]);
});

// T-022, T-132
test('a chat that hides while nobody answers is not there, and comes by itself', async ({ people }) => {
  const empty = await world.owner.addDepartment('Plantão');
  const connection = await world.owner.addWebchat({ name: 'Plantão', department_id: empty.id });
  const policy = strictPolicy(world.program.origin);
  const context = await people.browser('Igor');
  await openShadowRoots(context);
  const page = await context.newPage();
  await page.clock.install();
  await page.goto(shopPage(world, connection, { path: '/plantao', payload: { hideWhenOffline: true }, policy }));
  const igor = new Visitor(page);
  await expect(igor.launcher).toBeAttached();
  await expect(igor.launcher).toBeHidden();
  const { id } = await world.owner.addAgent(world.program.origin, BRUNO);
  await world.owner.changeAgent(id, { departments: [{ id: empty.id, is_manager: false }] });
  const bruno = await Api.at(world.program.origin);
  await bruno.logIn(BRUNO);
  await bruno.say('online');
  // The browser keeps the answer for half a minute, whatever the page's clock says.
  await expect(async () => {
    await page.clock.runFor(60_000);
    await expect(igor.launcher).toBeVisible({ timeout: 500 });
  }).toPass({ timeout: 60_000 });
  await bruno.close();
});
