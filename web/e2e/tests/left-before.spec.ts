// What somebody has left stands beside the conversation that they begin later.
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

// T-151, T-171
test('what somebody has left while nobody was there stands beside their conversation', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { when_offline: 'message' } });
  const ana = await people.agent(world);
  await world.owner.say('offline');
  const marina = await people.visitor(shopPage(world, connection));
  await marina.leave('Marina Ribeiro', 'O bolo chegou amassado.\nO que posso fazer?');
  await world.owner.say('online');
  await marina.page.reload();
  await marina.openPanel();
  await marina.start('Escrevi ontem, e volto hoje', 'Marina Ribeiro');

  await ana.go();
  await ana.openRow('Marina Ribeiro');
  const pane = ana.page.getByRole('complementary', { name: t('console.context.title') });
  const left = pane.getByRole('link', { name: /O bolo chegou amassado/ });
  await expect(left).toContainText(t('console.context.offlineNumber', { number: 1 }));
  await expect(left).toContainText(t('console.offline.new'));
  expect(await violations(ana.page)).toEqual([]);
  // It becomes a ticket meanwhile, and stands there as one.
  const { items } = await world.owner.call<{ items: { id: string }[] }>('GET', '/offline-messages');
  await world.owner.call('POST', `/offline-messages/${items[0]!.id}/ticket`);
  await expect(left).toContainText(t('console.context.ticketNumber', { number: 1 }));
  await show({ page: ana.page, name: '118-left-before', sizes: [1440] });
  await left.click();
  await expect(ana.page.getByRole('heading', { level: 1 })).toContainText('O bolo chegou amassado.');
});
