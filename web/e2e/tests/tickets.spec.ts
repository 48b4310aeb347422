// What was left while nobody was online goes on as a ticket: made by hand or by itself, taken, changed, handed on, found.
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

// T-157 to T-161, T-170 to T-173, X-021
test('a message becomes a ticket by hand; the next ones by themselves, where the company wants it', async ({
  people,
}) => {
  await world.owner.addDepartment('Financeiro');
  const connection = await world.owner.addWebchat({ settings: { when_offline: 'message' } });
  const ana = await people.agent(world);
  const { page } = ana;
  await world.owner.say('offline');

  // Found by its name.
  await ana.go('/team');
  await ana.seek('chamados');
  await page
    .getByRole('option')
    .filter({ hasText: t('console.tickets.title') })
    .first()
    .click();
  await expect(page.getByText(t('console.tickets.empty'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '110-tickets-empty', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  const marina = await people.visitor(shopPage(world, connection));
  await marina.leave('Marina Ribeiro', 'Fui cobrada duas vezes em outubro.\nPodem estornar uma das cobranças?');
  await ana.go('/offline-messages');
  await page
    .getByRole('row', { name: /Marina Ribeiro/ })
    .getByRole('link')
    .click();
  await ana.button('console.offline.toTicket').click();
  await expect(ana.toasts.getByText(t('console.tickets.made', { number: 1 }))).toBeVisible();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('Fui cobrada duas vezes em outubro.');

  // By what tickets are sorted: registered in the settings, found there by name.
  const ticket = page.url();
  await ana.go('/settings');
  await ana.seek('categorias');
  await page
    .getByRole('option')
    .filter({ hasText: t('console.categories.title') })
    .first()
    .click();
  await expect(page.getByText(t('console.categories.empty'))).toBeVisible();
  await page
    .getByRole('main')
    .getByRole('button', { name: t('console.categories.add') })
    .first()
    .click();
  await ana.dialog.getByLabel(t('console.categories.name')).fill('Cobrança');
  await ana.button('console.action.save').click();
  await expect(ana.dialog).toHaveCount(0);
  await expect(page.getByText(t('console.categories.empty'))).toHaveCount(0);
  await page.getByRole('button', { name: t('console.categories.add') }).click();
  await ana.dialog.getByLabel(t('console.categories.name')).fill('cobranca');
  await ana.button('console.action.save').click();
  await expect(ana.dialog.getByRole('alert').or(ana.dialog.locator('[aria-invalid=true]')).first()).toBeVisible();
  await ana.dialog.getByLabel(t('console.categories.name')).fill('Entrega');
  await ana.button('console.action.save').click();
  await expect(ana.dialog).toHaveCount(0);
  await page.goto(ticket);

  const fields = page.getByRole('region', { name: t('console.tickets.fields') });
  await fields.getByLabel(t('console.categories.single')).click();
  await page.getByRole('option', { name: 'Cobrança' }).click();
  await expect(page.getByText(t('console.tickets.changedCategory', { after: 'Cobrança' }))).toBeVisible();
  // A slip in the address is put right, and what it was stays.
  await fields.getByRole('button', { name: t('console.offline.correctAddress') }).click();
  await ana.dialog.getByLabel(t('console.context.email')).fill('marina');
  await ana.button('console.action.save').click();
  await expect(ana.dialog.locator('[aria-invalid=true]')).toBeFocused();
  expect(await violations(page)).toEqual([]);
  await ana.dialog.getByLabel(t('console.context.email')).fill('marina.ribeiro@exemplo.test');
  await ana.button('console.action.save').click();
  await expect(fields.getByText('marina.ribeiro@exemplo.test')).toBeVisible();
  await expect(page.getByRole('list', { name: t('console.offline.replies') })).toContainText('marina@exemplo.test');
  await fields.getByRole('button', { name: t('console.tickets.take') }).click();
  await expect(fields.getByLabel(t('console.tickets.assignee'))).toContainText('Ana Souza');
  await expect(fields.getByLabel(t('console.offline.state'))).toContainText(t('console.tickets.stateOpen'));
  await fields.getByLabel(t('console.tickets.priority')).click();
  await page.getByRole('option', { name: t('console.tickets.priorityUrgent') }).click();
  await expect(page.getByText(t('console.tickets.changedPriority', { after: 'Urgente' }))).toBeVisible();
  await page.getByRole('button', { name: t('console.tickets.editTitle') }).click();
  await page.getByRole('textbox', { name: t('console.tickets.subject') }).fill('Estorno da cobrança de outubro');
  await ana.button('console.action.save').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('Estorno da cobrança de outubro');
  await fields.getByLabel(t('console.offline.department')).click();
  await page.getByRole('option', { name: 'Financeiro' }).click();
  await expect(ana.toasts.getByText(t('console.tickets.moved', { department: 'Financeiro' }))).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '111-ticket', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  // From now on by themselves.
  await ana.go('/settings/chat');
  await page.getByRole('switch', { name: t('console.chat.offlineTickets') }).click();
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  const rui = await people.visitor(shopPage(world, connection));
  await rui.leave('Rui Tavares', 'O forno não liga desde ontem à noite.');
  await ana.go('/tickets');
  const rows = page.getByRole('row');
  await expect(rows.filter({ hasText: 'Rui Tavares' })).toContainText(t('console.tickets.stateNew'));
  await expect(rows.filter({ hasText: 'Marina Ribeiro' })).toContainText(t('console.tickets.priorityUrgent'));
  // It comes by itself while the list is open.
  const celia = await people.visitor(shopPage(world, connection));
  await celia.leave('Célia Prado', 'Quero trocar de plano.');
  await expect(rows.filter({ hasText: 'Célia Prado' })).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '112-tickets', sizes: [1440, 1024, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel(t('console.categories.single')).click();
  await page.getByRole('option', { name: 'Cobrança' }).click();
  await expect(rows.filter({ hasText: 'Rui Tavares' })).toHaveCount(0);
  await expect(rows.filter({ hasText: 'Marina Ribeiro' })).toContainText('Cobrança');
  await page.getByLabel(t('console.categories.single')).click();
  await page.getByRole('option', { name: t('console.categories.none') }).click();
  await expect(rows.filter({ hasText: 'Marina Ribeiro' })).toHaveCount(0);
  await page.getByLabel(t('console.tickets.search')).fill('forno');
  await expect(rows.filter({ hasText: 'Marina Ribeiro' })).toHaveCount(0);
  await expect(rows.filter({ hasText: 'Rui Tavares' })).toBeVisible();

  // What goes on as a ticket is out of the way among the offline messages, and led to from there.
  await ana.go('/offline-messages');
  await expect(page.getByText(t('console.offline.empty'))).toBeVisible();
  await page.getByLabel(t('console.offline.state')).click();
  await page.getByRole('option', { name: t('console.offline.converted') }).click();
  await page
    .getByRole('row', { name: /Rui Tavares/ })
    .getByRole('link')
    .click();
  await page.getByRole('link', { name: t('console.offline.openTicket') }).click();
  await expect(page.getByRole('heading', { level: 1 })).toContainText('O forno não liga');

  // One that was used is archived; one that was not goes.
  await ana.go('/settings/categories');
  const items = page.getByRole('main').getByRole('listitem');
  await ana.choose(
    page.getByRole('button', { name: t('console.action.moreFor', { name: 'Cobrança' }) }),
    t('console.categories.archive'),
  );
  await expect(items.filter({ hasText: 'Cobrança' })).toContainText(t('console.categories.isArchived'));
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '113-categories', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: t('console.action.moreFor', { name: 'Cobrança' }) }).click();
  await expect(page.getByRole('menuitem', { name: t('console.action.delete') })).toHaveCount(0);
  await page.keyboard.press('Escape');
  await ana.choose(
    page.getByRole('button', { name: t('console.action.moreFor', { name: 'Entrega' }) }),
    t('console.action.delete'),
  );
  await expect(items.filter({ hasText: 'Entrega' })).toHaveCount(0);
  // It stays where it is, and is offered to no other.
  await page.goto(ticket);
  await expect(fields.getByLabel(t('console.categories.single'))).toContainText(
    t('console.categories.archivedName', { name: 'Cobrança' }),
  );
  await world.owner.call('PATCH', '/me', { language: 'en' });
  await page.reload();
  await show({ page, name: '114-ticket-en', sizes: [1440, 380] });
});
