// Labels: made with a rule, put on by it and by hand, seen by colleagues, and found by.
import { violations } from '../support/axe';
import { expect, t, test, useWorld } from '../support/test';
import { BRUNO, hire, writes } from '../support/team';

const world = useWorld();

// T-200 to T-212, P-009, P-047, P-140
test('a label is made with a rule, put on by it and by hand, filtered by, and deleted', async ({ people }) => {
  const department = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go('/settings/labels');
  await expect(ana.page.getByRole('listitem').filter({ hasText: t('console.labels.byHand') })).toHaveCount(4);
  await ana.button('console.labels.add').click();
  await expect(ana.button('console.action.save')).toBeDisabled();
  await ana.dialog.getByLabel(t('console.labels.name')).fill('Boleto');
  await ana.dialog.getByRole('radio', { name: t('console.labels.colour.amber') }).check();
  await ana.dialog.getByRole('button', { name: t('console.labels.addCondition') }).click();
  await expect(ana.button('console.action.save')).toBeDisabled(); // A condition that compares with nothing.
  await ana.dialog.getByLabel(t('console.labels.conditionValue')).fill('BOLETO');
  expect(await violations(ana.page)).toEqual([]);
  await ana.button('console.action.save').click();
  await expect(ana.dialog).toHaveCount(0);
  await expect(ana.page.getByText(t('console.labels.conditionCount', { count: 1 }))).toBeVisible();

  const bruno = await hire(world, people, BRUNO, [department]);
  await writes(world, connection.code, 'Marina Ribeiro', ['Não recebi o boleto']);
  await writes(world, connection.code, 'Igor Nunes', ['Bom dia']);
  await expect(bruno.desk.row('Marina Ribeiro').getByTitle('Boleto')).toBeVisible();
  await expect(bruno.desk.row('Igor Nunes').getByTitle('Boleto')).toHaveCount(0);
  const row = bruno.desk.row('Marina Ribeiro');
  await expect(row).toContainText('Não recebi o boleto');
  await expect(row).toContainText(department.name);
  await expect(row.getByText(t('console.list.unread', { count: 1 }))).toBeAttached();
  await expect(row.getByTitle(connection.name)).toBeVisible();
  await expect(row.getByRole('time')).toBeVisible();

  // By keyboard: L, some letters, Enter; Esc leaves. The colleague sees it at once.
  await ana.go();
  await ana.openRow('Igor Nunes');
  await ana.timeline.focus();
  await ana.page.keyboard.press('l');
  const search = ana.page.getByRole('combobox', { name: t('console.labels.search') });
  await expect(search).toBeFocused();
  await ana.page.keyboard.type('urg');
  await ana.page.keyboard.press('Enter');
  expect(await violations(ana.page)).toEqual([]);
  await ana.page.keyboard.press('Escape');
  await expect(search).toHaveCount(0);
  const urgent = 'Urgente';
  await expect(ana.conversation.getByText(urgent, { exact: true })).toBeVisible();
  await expect(bruno.desk.row('Igor Nunes').getByTitle(urgent)).toBeVisible();

  await ana.choose(ana.page.getByRole('button', { name: t('console.labels.single'), exact: true }), urgent);
  await expect(ana.rows).toHaveText([/Igor Nunes/]);
  await ana.conversation.getByRole('button', { name: t('console.action.remove', { what: urgent }) }).click();
  await expect(ana.rows).toHaveCount(0);
  await expect(bruno.desk.row('Igor Nunes').getByTitle(urgent)).toHaveCount(0);

  await ana.go('/settings/labels');
  await ana.page.getByRole('button', { name: t('console.action.moreFor', { name: 'Boleto' }) }).click();
  await ana.page.getByRole('menuitem', { name: t('console.action.delete'), exact: true }).click();
  await expect(ana.dialog).toContainText(t('console.labels.used', { count: 1 }));
  await ana.dialog.getByRole('textbox').fill('Boleto');
  await ana.button('console.action.delete').click();
  await expect(ana.toasts.getByText(t('console.labels.deleted', { name: 'Boleto' }))).toBeVisible();
  await expect(bruno.desk.row('Marina Ribeiro').getByTitle('Boleto')).toHaveCount(0);
});
