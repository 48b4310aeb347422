// Personal data: what visitors are told and agree to, what is known of them given out, and forgotten.
import { readFile } from 'node:fs/promises';
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld, type People } from '../support/test';
import type { Visitor } from '../support/visitor';

const world = useWorld();

let departments = 0;

const press = (visitor: Visitor, key: string) =>
  visitor.panel.getByRole('button', { name: t(key), exact: true }).click();

/** Fills in the form where somebody writes for the first time, and chooses whom to. */
async function introduce({ panel }: Visitor, name: string): Promise<void> {
  await panel.getByLabel(t('widget.form.name')).fill(name);
  const { id } = await world.owner.defaultDepartment();
  await panel.getByLabel(t('widget.form.department')).selectOption(id);
}

/** Where consent and a choice of the department are asked for: a visitor whose conversation is over, and what erases whoever it is. */
async function ended(people: People, name: string): Promise<{ visitor: Visitor; erase: () => Promise<unknown> }> {
  await world.owner.call('PATCH', '/workspace', { privacy: { consent: 'required', consent_text: '' } });
  await world.owner.addDepartment(`Entregas ${(departments += 1)}`);
  const agent = await people.agent(world);
  await agent.go();
  const connection = await world.owner.addWebchat({ department_id: null });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await press(visitor, 'widget.home.start');
  await press(visitor, 'widget.privacy.agree');
  await introduce(visitor, name);
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Moro na rua das Laranjeiras, 7');
  await press(visitor, 'widget.form.send');
  await visitor.expectMark('sent');
  const { id, contact } = await world.owner.waiting(name);
  await world.owner.call('POST', `/conversations/${id}/close`);
  await expect(visitor.panel.getByText(t('widget.chat.closed'))).toBeVisible();
  const reason = 'Pediu por e-mail';
  return { visitor, erase: () => world.owner.call('POST', `/privacy/contacts/${contact.id}/erase`, { reason }) };
}

/** Nothing of a person is on the screen or in what the site's page keeps. */
async function expectForgotten({ page, panel }: Visitor, name: string): Promise<void> {
  await expect(panel.getByText('Laranjeiras')).toHaveCount(0);
  await expect(panel.getByText(name)).toHaveCount(0);
  await expect(panel.getByRole('button', { name: t('widget.fresh.ask') })).toHaveCount(0);
  await expect.poll(() => page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain(name);
}

//
test('a visitor agrees before writing; what is known of them is exported, and erased on request', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const { page } = ana;

  await ana.go('/settings/profile');
  await ana.seek('LGPD');
  await page
    .getByRole('option')
    .filter({ hasText: t('console.privacy.title') })
    .first()
    .click();
  await page.getByLabel(t('console.privacy.policy')).fill('javascript:alert(1)');
  await page.getByLabel(t('console.privacy.officer')).fill('Rui Tavares, privacidade@vilaclara.com.br');
  await page.getByLabel(t('console.privacy.consent')).click();
  await page.getByRole('option', { name: t('console.privacy.consentRequired') }).click();
  await page.getByLabel(t('console.privacy.sealed')).fill('24');
  await ana.button('console.action.save').click();
  await expect(page.getByText(t('error.address_invalid'))).toBeVisible();
  await page.getByLabel(t('console.privacy.policy')).fill('https://vilaclara.com.br/privacidade');
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '113-privacy', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  const marina = await people.visitor(shopPage(world, connection));
  await marina.openPanel();
  const policy = marina.panel.getByRole('link', { name: t('widget.privacy.policy') });
  await expect(policy).toHaveAttribute('href', 'https://vilaclara.com.br/privacidade');
  await marina.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(marina.panel.getByRole('heading', { name: t('widget.privacy.title') })).toBeVisible();
  expect(await violations(marina.page)).toEqual([]);
  await marina.page.screenshot({ path: 'screenshots/114-consent-1440-light.png' });
  await marina.panel.getByRole('button', { name: t('widget.privacy.agree') }).click();
  await marina.panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await marina.panel.getByLabel(t('widget.form.message')).fill('Meu CPF é 111.444.777-35');
  await marina.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await marina.expectMark('sent');
  const { id, protocol, contact } = await world.owner.waiting('Marina Ribeiro');

  await ana.go('/settings/privacy/requests');
  await page.getByLabel(t('console.privacy.search')).fill('marina');
  await ana.button('console.privacy.find').click();
  const row = page.getByRole('listitem').filter({ hasText: 'Marina Ribeiro' });
  await expect(row).toContainText(t('console.privacy.served'));
  await expect(row.getByRole('button', { name: t('console.privacy.erase') })).toBeDisabled();
  const [download] = await Promise.all([
    page.waitForEvent('download'),
    row.getByRole('button', { name: t('console.privacy.export') }).click(),
  ]);
  const known = await readFile(await download.path(), 'utf8');
  for (const said of ['111.444.777-35', protocol, 'privacidade@vilaclara.com.br']) expect(known).toContain(said);

  await world.owner.call('POST', `/conversations/${id}/close`);
  await ana.button('console.privacy.find').click();
  await expect(row.getByRole('button', { name: t('console.privacy.erase') })).toBeEnabled();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '115-privacy-requests', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await row.getByRole('button', { name: t('console.privacy.erase') }).click();
  await page.getByLabel(t('console.privacy.reason')).fill('Pediu por e-mail em 30/11');
  expect(await violations(page)).toEqual([]);
  await page.screenshot({ path: 'screenshots/116-erase-1440-light.png' });
  await page
    .getByRole('dialog')
    .getByRole('button', { name: t('console.privacy.eraseNow'), exact: true })
    .click();
  await expect(ana.toasts.getByText(t('console.privacy.erasedNow', { name: 'Marina Ribeiro' }))).toBeVisible();
  await expect(page.getByText(t('console.privacy.nobody'))).toBeVisible();
  await expect(page.getByRole('row').filter({ hasText: 'Pediu por e-mail' })).toContainText('Ana Souza');

  // What is kept apart is found by itself, whatever was done since.
  await page.getByLabel(t('console.privacy.filter')).click();
  await page.getByRole('option', { name: t('console.privacy.withSealed') }).click();
  await expect(page.getByRole('row').filter({ hasText: t('console.privacy.deedExported') })).toHaveCount(0);
  await expect(page.getByRole('button', { name: t('console.privacy.open') })).toHaveCount(1);
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '145-privacy-record', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel(t('console.privacy.filter')).click();
  await page.getByRole('option', { name: t('console.privacy.deedOpened') }).click();
  await expect(page.getByText(t('console.privacy.noneOfThese'))).toBeVisible();

  await ana.go(`/conversations/${id}`);
  await expect(ana.timeline.getByText(t('console.timeline.erased'))).toBeVisible();
  await expect(page.getByText('111.444.777-35')).toHaveCount(0);
  await expect(page.getByText(t('console.contact.visitor', { number: contact.number })).first()).toBeVisible();
  await show({ page, name: '117-erased-conversation', sizes: [1440] });
  // The browser is nobody's any more.
  const welcomed = marina.page
    .waitForEvent('websocket')
    .then((socket) => socket.waitForEvent('framereceived', ({ payload }) => `${payload}`.includes('"welcome"')));
  await marina.page.reload();
  // The panel is there, and has heard what there is to show.
  await welcomed;
  await expect(marina.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await expect(marina.panel.getByText('111.444.777-35')).toHaveCount(0);
});

//
test('an open panel forgets whoever is erased without a reload, and asks who writes now', async ({ people }) => {
  const { visitor, erase } = await ended(people, 'Teresa Prado');
  // What is being written is nobody's yet.
  await visitor.field.fill('Ainda estou');
  await erase();
  await expect(visitor.panel.getByRole('heading', { name: t('widget.home.greeting') })).toBeVisible();
  await expectForgotten(visitor, 'Teresa');

  await press(visitor, 'widget.home.start');
  await press(visitor, 'widget.privacy.agree');
  await expect(visitor.panel.getByLabel(t('widget.form.message'))).toHaveValue('Ainda estou');
  await expect(visitor.panel.getByLabel(t('widget.form.name'))).toHaveValue('');
  await introduce(visitor, 'Lia Campos');
  await press(visitor, 'widget.form.send');
  await visitor.expectMark('sent');
  await visitor.expectTexts(['Ainda estou']);
  await world.owner.waiting('Lia Campos');
  await expectForgotten(visitor, 'Teresa');
});

//
test('a browser that was away while its visitor was erased forgets when it comes back, and one press sends what waits', async ({
  people,
}) => {
  const { visitor, erase } = await ended(people, 'Teresa Moura');
  await visitor.page.context().setOffline(true);
  await visitor.write('Ainda estou aqui');
  await visitor.expectMark('waiting');
  await erase();
  await visitor.page.context().setOffline(false);
  await expect(visitor.panel.getByLabel(t('widget.form.name'))).toHaveValue('');
  await expect(visitor.panel.getByLabel(t('widget.form.message'))).toHaveValue('Ainda estou aqui');
  await expectForgotten(visitor, 'Teresa');
  await introduce(visitor, 'Rosa Lima');
  await press(visitor, 'widget.privacy.agree');
  await visitor.expectMark('sent');
  await visitor.expectTexts(['Ainda estou aqui']);
  await world.owner.waiting('Rosa Lima');
});

//
test('a browser whose visitor was erased while no page stood open greets nobody by name', async ({ people }) => {
  const { visitor, erase } = await ended(people, 'Teresa Neves');
  const address = visitor.page.url();
  await visitor.page.goto('about:blank');
  await erase();
  await visitor.page.goto(address);
  await visitor.openPanel();
  await expect(visitor.panel.getByRole('heading', { name: t('widget.home.greeting') })).toBeVisible();
  await expectForgotten(visitor, 'Teresa');
  await visitor.page.reload();
  await visitor.openPanel();
  await expectForgotten(visitor, 'Teresa');
});
