// Who waits for an answer: shown alone, longest first, and unread again for whoever is given what a colleague has only read.
import { expect, t, test, useWorld } from '../support/test';
import { BRUNO, hire, writes } from '../support/team';

const world = useWorld();

// P-006, P-009, P-069
test('what nobody has answered is shown alone, longest first, and is unread for the colleague who is given it', async ({
  people,
}) => {
  const department = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  for (const name of ['Marina Ribeiro', 'João Pedro', 'Rita Alves']) {
    await writes(world, connection.code, name, ['Bom dia']);
    await ana.go();
    await ana.tab('queue').click();
    await ana.openRow(name);
    await ana.act('console.conversation.take').click();
    await expect(ana.reply).toBeFocused();
  }
  await ana.write('Bom dia, Rita');
  await expect(ana.tick('sending')).toHaveCount(0);

  await ana.tab('open').click();
  await expect(ana.rows).toHaveCount(3);
  const only = ana.page.getByRole('button', { name: t('console.filter.waiting'), exact: true });
  await only.click();
  await expect(only).toHaveAttribute('aria-pressed', 'true');
  await expect(ana.rows).toHaveText([/Marina Ribeiro/, /João Pedro/]);
  await ana.openRow('Marina Ribeiro');
  await ana.write('Olá, Marina');
  await expect(ana.rows).toHaveText([/João Pedro/]);

  // Ana has read it, and hands it on without an answer.
  await ana.openRow('João Pedro');
  const bruno = await hire(world, people, BRUNO, [department]);
  await ana.timeline.focus();
  await ana.page.keyboard.press('m');
  await expect(ana.dialog.getByRole('combobox')).toBeFocused();
  await ana.page.keyboard.type('bruno');
  await expect(ana.dialog.getByRole('option')).toHaveCount(1);
  await ana.page.keyboard.press('Enter');
  await ana.dialog.getByRole('button', { name: t('console.transfer.submit'), exact: true }).click();
  await bruno.desk.tab('open').click();
  await expect(bruno.desk.row('João Pedro').getByText(t('console.list.unread', { count: 1 }))).toBeAttached();
  await bruno.desk.openRow('João Pedro');
  await expect(bruno.desk.row('João Pedro').getByText(t('console.list.unread', { count: 1 }))).toHaveCount(0);
});
