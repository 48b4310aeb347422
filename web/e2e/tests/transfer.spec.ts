// Handing a conversation on: to a colleague, to a department, with doubts confirmed in place, and back again.
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { BRUNO, CARLA, DAVI, hire, say } from '../support/team';
import type { Desk } from '../support/desk';

const world = useWorld();

const option = (desk: Desk, name: string) => desk.dialog.getByRole('option', { name: new RegExp(`^${name}`) });
const searchField = (desk: Desk) => desk.dialog.getByRole('combobox', { name: t('console.transfer.search') });

// P-067, P-069, P-070, X-006
test('a conversation goes to a colleague and to a department; who gets it is told, and so is the visitor', async ({
  people,
}) => {
  const [service, finance] = [await world.owner.defaultDepartment(), await world.owner.addDepartment('Financeiro')];
  const connection = await world.owner.addWebchat();
  const bruno = await hire(world, people, BRUNO, [service]);
  const carla = await hire(world, people, CARLA, [service]);
  const davi = await hire(world, people, DAVI, [finance]);
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Preciso da segunda via', 'Marina Ribeiro');
  const igor = await people.visitor(shopPage(world, connection, { path: '/outro' }));
  await igor.start('Tem pão de centeio?', 'Igor Nunes');
  await expect(igor.panel.getByText(t('widget.chat.position', { position: 2 }))).toBeVisible();

  const { desk } = bruno;
  await desk.openRow('Marina Ribeiro');
  await desk.act('console.conversation.take').click();
  await expect(desk.reply).toBeFocused();
  await expect(igor.panel.getByText(t('widget.chat.position', { position: 1 }))).toBeVisible();

  // By keyboard only: M, the name, Enter chooses, Enter hands on.
  await desk.timeline.focus();
  await desk.page.keyboard.press('m');
  await expect(searchField(desk)).toBeFocused();
  await expect(option(desk, 'Carla Reis')).toContainText(t('console.team.load', { open: 0, limit: 5 }));
  await expect(option(desk, 'Financeiro')).toContainText(t('console.transfer.online', { count: 1 }));
  await desk.page.keyboard.type('carla');
  await expect(desk.dialog.getByRole('option')).toHaveCount(1);
  await desk.page.keyboard.press('Enter');
  const submit = desk.dialog.getByRole('button', { name: t('console.transfer.submit'), exact: true });
  await expect(submit).toBeFocused();
  await desk.dialog.getByLabel(t('console.transfer.note')).fill('Confere o CNPJ antes de emitir.');
  await desk.page.keyboard.press('Control+Enter');
  await expect(desk.dialog).toHaveCount(0);
  const done = t('console.transfer.done', { contact: 'Marina Ribeiro', name: 'Carla Reis' });
  await expect(desk.toasts.getByText(done)).toBeVisible();
  await expect(desk.page.locator('[data-row] a:focus')).toBeVisible(); // Back in the list.

  const told = t('console.notice.transferred', { by: 'Bruno Lima', name: 'Marina Ribeiro' });
  await expect(carla.desk.toasts.getByText(told)).toBeVisible();
  await carla.desk.toasts.getByRole('button', { name: t('console.notice.open') }).click();
  await expect(carla.desk.conversation.getByRole('heading', { name: /Marina Ribeiro/ })).toBeVisible();
  await expect(carla.desk.timeline.getByText('Confere o CNPJ antes de emitir.')).toBeVisible();
  const line = t('console.event.transferred', { name: 'Bruno Lima', target: 'Carla Reis' });
  await expect(carla.desk.timeline.getByText(line)).toBeVisible();
  await expect(marina.panel.getByRole('heading', { name: 'Carla Reis' })).toBeVisible();
  await expect(marina.panel.getByText(t('widget.event.transferred', { target: 'Carla Reis' }))).toBeVisible();
  await expect(marina.panel.getByText('Confere o CNPJ')).toHaveCount(0); // A note stays inside.

  // Somebody who is not there: the doubt stands in the dialog, and is confirmed there.
  await say(davi.desk, 'away');
  await carla.desk.conversation.getByRole('button', { name: /Atendimento › Carla Reis/ }).click();
  await option(carla.desk, 'Davi Moura').click();
  await expect(carla.desk.dialog.getByText(t('console.transfer.away', { name: 'Davi Moura' }))).toBeVisible();
  await carla.desk.dialog.getByRole('button', { name: t('console.transfer.anyway') }).click();
  await expect(carla.desk.dialog).toHaveCount(0);
  // It went where Carla does not serve: out of her lists, and off her screen.
  await expect(carla.desk.page).toHaveURL(/\/conversations$/);
  await expect(carla.desk.tab('open')).toContainText(t('console.list.open'));
  await expect(carla.desk.row('Marina Ribeiro')).toHaveCount(0);
  await davi.desk.tab('open').click();
  await davi.desk.openRow('Marina Ribeiro');
  await davi.desk.write('Oi, Marina. É com o Financeiro mesmo.');
  await expect(marina.bubbles.last()).toHaveText('Oi, Marina. É com o Financeiro mesmo.');
});

// P-070
test('who goes offline while the dialog stands open is doubted by the server, in the same place', async ({
  people,
}) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const elsa = { name: 'Elsa Prado', email: 'elsa@vilaclara.com.br', password: 'broa de milho com erva' };
  const { desk } = await hire(world, people, elsa, [service]);
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Alguém aí?', 'Nara Pires');
  await ana.openRow('Nara Pires');
  await ana.act('console.conversation.take').click();
  await ana.act('console.transfer.open').click();
  // They leave in the moment between the click and the server's answer.
  await ana.page.route('**/transfer', async (route) => {
    await say(desk, 'offline');
    await route.continue();
  });
  await option(ana, 'Elsa Prado').click();
  await ana.dialog.getByRole('button', { name: t('console.transfer.submit'), exact: true }).click();
  await expect(ana.dialog.getByText(/Elsa Prado/).last()).toBeVisible();
  const anyway = ana.dialog.getByRole('button', { name: t('console.transfer.anyway') });
  await expect(anyway).toBeFocused();
  await ana.page.unroute('**/transfer');
  await anyway.click();
  await expect(ana.dialog).toHaveCount(0);
  await expect(ana.conversation.getByText(/› Elsa Prado/)).toBeVisible();

  // Whoever manages it may take it back.
  await ana.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(ana.conversation.getByText(/› Ana Souza/)).toBeVisible();
});

test('whoever manages nothing takes back a transfer and a return of a moment ago', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const lia = { name: 'Lia Moura', email: 'lia@vilaclara.com.br', password: 'cuca de uva com nozes' };
  const { desk } = await hire(world, people, lia, [service]);
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quero trocar um bolo', 'Davi Lemos');
  await desk.openRow('Davi Lemos');
  await desk.act('console.conversation.take').click();
  await expect(desk.reply).toBeEnabled();
  const undo = desk.toasts.getByRole('button', { name: t('console.action.undo') });
  await desk.act('console.transfer.open').click();
  await option(desk, 'Ana Souza').click();
  await desk.dialog.getByRole('button', { name: t('console.transfer.submit'), exact: true }).click();
  await expect(desk.conversation.getByText(/› Ana Souza/)).toBeVisible();
  await undo.first().click();
  await expect(desk.toasts.getByText(t('console.transfer.undone'))).toBeVisible();
  await expect(desk.reply).toBeEnabled();

  await desk.choose(desk.act('console.conversation.more'), t('console.conversation.return'));
  await expect(desk.act('console.conversation.take')).toBeVisible();
  await undo.last().click();
  await expect(desk.reply).toBeEnabled();

  // What a colleague has taken meanwhile is not offered to be undone any more.
  await desk.choose(desk.act('console.conversation.more'), t('console.conversation.return'));
  await ana.tab('queue').click();
  await ana.openRow('Davi Lemos');
  await ana.act('console.conversation.take').click();
  await expect(desk.conversation.getByText(/› Ana Souza/)).toBeVisible();
  await expect(undo).toHaveCount(0);
});

// P-113: the way back after closing leads to where it was.
test('taking back a closing restores the place in the queue, and the colleague', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const gil = { name: 'Gil Torres', email: 'gil@vilaclara.com.br', password: 'sonho de creme com canela' };
  const other = await hire(world, people, gil, [service]);
  const waiting = await people.visitor(shopPage(world, connection));
  await waiting.start('Estou esperando', 'Otávio Luz');
  await ana.tab('queue').click();
  await ana.openRow('Otávio Luz');
  await ana.choose(ana.act('console.conversation.more'), t('console.conversation.close'));
  await ana.toasts
    .getByRole('button', { name: t('console.action.undo') })
    .first()
    .click();
  await expect(ana.act('console.conversation.take')).toBeVisible();
  await expect(ana.row('Otávio Luz')).toBeVisible(); // In the queue, which is the list on screen.

  await other.desk.openRow('Otávio Luz');
  await other.desk.act('console.conversation.take').click();
  await expect(ana.conversation.getByText(/› Gil Torres/)).toBeVisible();
  await ana.act('console.conversation.close').click();
  await expect(ana.act('console.conversation.reopen')).toBeVisible();
  await ana.toasts
    .getByRole('button', { name: t('console.action.undo') })
    .last()
    .click();
  await expect(ana.conversation.getByText(/› Gil Torres/)).toBeVisible();
  await expect(other.desk.reply).toBeEnabled();
});

// The colleagues who look at the same conversation see each other, and stop seeing who leaves.
test('two who look at the same conversation see each other', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  const hugo = { name: 'Hugo Alves', email: 'hugo@vilaclara.com.br', password: 'croissant de amendoas' };
  const { desk } = await hire(world, people, hugo, [service]);
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quem vê isto?', 'Paula Dias');
  await ana.tab('queue').click();
  await ana.openRow('Paula Dias');
  await desk.openRow('Paula Dias');
  await expect(ana.timeline.getByText(t('console.timeline.isLooking', { name: 'Hugo' }))).toBeVisible();
  await expect(desk.timeline.getByText(t('console.timeline.isLooking', { name: 'Ana' }))).toBeVisible();
  await desk.go('/team');
  await expect(ana.timeline.getByText(t('console.timeline.isLooking', { name: 'Hugo' }))).toHaveCount(0);
});

// P-065: an earlier conversation is read where one is, and the way back is one key.
test('an earlier conversation of the contact is read in place, and one comes back', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Primeira pergunta', 'Lúcia Prado');
  await ana.tab('queue').click();
  await ana.openRow('Lúcia Prado');
  await ana.act('console.conversation.take').click();
  await ana.write('Primeira resposta');
  await ana.act('console.conversation.close').click();
  await expect(ana.act('console.conversation.reopen')).toBeEnabled();
  await say(ana, 'offline'); // A late message opens a new one then (D-027).
  await visitor.write('Segunda pergunta');
  await ana.tab('queue').click();
  await ana.openRow('Lúcia Prado');
  await ana.expectTexts(['Segunda pergunta']);
  const address = ana.page.url();
  const context = ana.page.getByRole('complementary', { name: t('console.context.title') });
  await context.getByRole('link', { name: /Primeira resposta/ }).click();
  await ana.expectTexts(['Primeira pergunta', 'Primeira resposta']);
  await expect(ana.reply).toHaveCount(0);
  await expect(ana.act('console.conversation.take')).toHaveCount(0);
  await expect(ana.row('Lúcia Prado')).toHaveAttribute('aria-current', 'true');
  await ana.timeline.focus();
  await ana.page.keyboard.press('Escape');
  await ana.expectTexts(['Segunda pergunta']);
  expect(ana.page.url()).toBe(address);
  await expect(ana.act('console.conversation.take')).toBeVisible();
});
