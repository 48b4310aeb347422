// Levels of care and projects: who serves what, side by side with a visitor, and the settings where it is said.
import type { Department, Project } from '@balcao/api';
import { expect, shopPage, t, test, useWorld, type World } from '../support/test';
import { show } from '../support/pictures';
import { BRUNO, CARLA, DAVI, hire, say } from '../support/team';
import type { Desk } from '../support/desk';

test.describe.configure({ timeout: 180_000 });

const world = useWorld();

async function firstProject({ owner }: World): Promise<Project> {
  const { items } = await owner.call<{ items: Project[] }>('GET', '/projects');
  return items[0]!;
}

async function choose(desk: Desk, field: string, name: string): Promise<void> {
  const box = desk.dialog.getByRole('combobox', { name: t(field), exact: true });
  await box.click();
  await desk.page.getByRole('option', { name, exact: true }).click();
}

async function find(desk: Desk, words: string, title: string): Promise<void> {
  await desk.page.keyboard.press('Control+k');
  const palette = desk.page.getByRole('dialog');
  await palette.getByRole('combobox').fill(words);
  await palette.getByRole('option', { name: title, exact: true }).click();
}

//
test('level 1 serves what visitors begin, level 2 only what is transferred, and both are set in one place', async ({
  people,
}) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const bruno = await hire(world, people, BRUNO, [service]);
  const carla = await hire(world, people, CARLA, [service]);

  await say(ana, 'offline'); // The owner belongs to the department, too.

  // By the words of those who knew another system.
  await ana.go('/settings/profile');
  await find(ana, 'associate specialists', t('console.specialists.add'));
  await expect(ana.page).toHaveURL(/\/settings\/chat\/specialists$/);
  await expect(ana.page.getByText(t('console.specialists.empty'))).toBeVisible();
  await expect(ana.page.getByText(t('console.chat.project'), { exact: true })).toHaveCount(0);
  await show({ page: ana.page, name: '90-specialists-empty' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  await ana.button('console.specialists.add').click();
  await choose(ana, 'console.specialists.people', 'Carla Reis');
  await ana.dialog.getByRole('radio', { name: t('console.level.second') }).check();
  await expect(ana.dialog.getByRole('checkbox', { name: t('console.specialists.keepOthers') })).toBeChecked();
  await show({ page: ana.page, name: '91-associate', sizes: [1440, 380] });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.dialog.getByRole('button', { name: t('console.specialists.submit'), exact: true }).click();
  const listed = ana.page.getByRole('tabpanel').getByRole('listitem');
  await expect(listed).toHaveCount(2);
  await expect(listed.filter({ hasText: service.name })).toContainText(t('console.level.first'));
  await expect(listed.filter({ hasText: 'Carla Reis' })).toContainText(t('console.level.second'));
  await show({ page: ana.page, name: '92-specialists' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  // What a visitor begins is not Carla's to take.
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Preciso de ajuda com o forno', 'Marina Ribeiro');
  await carla.desk.openRow('Marina Ribeiro');
  await expect(carla.desk.act('console.conversation.take')).toHaveCount(0);
  await expect(carla.desk.conversation.getByText(t('console.composer.levelHint'))).toBeVisible();
  await show({ page: carla.desk.page, name: '93-level-2-waiting', sizes: [1440, 380] });
  await carla.desk.page.setViewportSize({ width: 1440, height: 900 });
  await bruno.desk.openRow('Marina Ribeiro');
  await bruno.desk.act('console.conversation.take').click();
  await expect(bruno.desk.reply).toBeFocused();

  // Handed on, with the level beside the name.
  await bruno.desk.timeline.focus();
  await bruno.desk.page.keyboard.press('m');
  const target = bruno.desk.dialog.getByRole('option', { name: /^Carla Reis/ });
  await expect(target).toContainText(t('console.level.second'));
  await show({ page: bruno.desk.page, name: '94-transfer-levels', sizes: [1440, 380] });
  await bruno.desk.page.setViewportSize({ width: 1440, height: 900 });
  await target.click();
  await bruno.desk.dialog.getByRole('button', { name: t('console.transfer.submit'), exact: true }).click();
  await expect(bruno.desk.dialog).toHaveCount(0);
  await carla.desk.page.reload();
  await carla.desk.write('Oi, Marina. O forno é comigo.');
  await expect(marina.bubbles.last()).toHaveText('Oi, Marina. O forno é comigo.');
  // Given back it is still one that Level 2 may take.
  await carla.desk.page.goto('/conversations');
  const row = (await world.owner.conversations('open')).find(({ contact }) => contact.name === 'Marina Ribeiro')!;
  await carla.desk.page.context().request.post(`/api/conversations/${row.id}/return`);
  await carla.desk.tab('queue').click();
  await carla.desk.openRow('Marina Ribeiro');
  await carla.desk.act('console.conversation.take').click();
  await expect(carla.desk.reply).toBeFocused();

  // With only Level 2 there, nobody is online for whoever comes.
  await say(bruno.desk, 'offline');
  const igor = await people.visitor(shopPage(world, connection, { path: '/outro' }));
  await igor.openPanel();
  await expect(igor.panel.getByText(t('widget.home.offline')).first()).toBeVisible();

  // The level is changed in place; who is ticked is erased, and comes back.
  await ana.page
    .getByRole('button', {
      name: t('console.specialists.changeLevel', { level: t('console.level.second'), name: 'Carla Reis' }),
    })
    .click();
  await ana.page.getByRole('menuitemradio', { name: t('console.level.first'), exact: true }).click();
  await expect(listed.filter({ hasText: 'Carla Reis' })).toContainText(t('console.level.first'));
  await expect(igor.panel.getByText(t('widget.home.offline'))).toHaveCount(0);
  await ana.page.getByRole('checkbox', { name: t('console.specialists.tickAll') }).check();
  await ana.button('console.specialists.erase').click();
  await expect(ana.page.getByText(t('console.specialists.nobody'))).toBeVisible();
  await expect(igor.panel.getByText(t('widget.home.offline')).first()).toBeVisible();
  await show({ page: ana.page, name: '95-specialists-nobody', sizes: [1440, 380] });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(listed).toHaveCount(2);
  await expect(carla.desk.reply).toBeVisible(); // What is open stays, whatever becomes of the level.
});

//
test('two projects share what is general, and each has its switch and its specialists', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/settings/profile');
  const nav = ana.page.getByRole('navigation', { name: t('console.nav.settings') });
  await expect(nav.getByRole('link', { name: t('console.projects.title') })).toHaveCount(0);
  await find(ana, 'enable integration with the chat', t('console.projects.title'));
  await ana.button('console.projects.add').click();
  await ana.dialog.getByRole('textbox', { name: t('console.projects.name') }).fill('Confeitaria');
  await ana.dialog.getByRole('button', { name: t('console.action.save'), exact: true }).click();
  await expect(ana.page).toHaveURL(/\/settings\/projects\/[0-9a-f-]+$/);
  await expect(ana.page.getByRole('heading', { name: 'Confeitaria' })).toBeVisible();
  await expect(nav.getByRole('link', { name: t('console.projects.title') })).toBeVisible();

  // A department of it, with a page of its own, which has no chat yet.
  const project = (await world.owner.call<{ items: Project[] }>('GET', '/projects')).items.at(-1)!;
  const cakes = await world.owner.call<Department>('POST', '/departments', { name: 'Bolos', project_id: project.id });
  const connection = await world.owner.addWebchat({ department_id: cakes.id });
  const davi = await hire(world, people, DAVI, [cakes]);
  const code = await davi.desk.page.context().request.get(`/widgets/${connection.code}`);
  expect(code.status()).toBe(404);

  await ana.go('/settings/chat');
  await expect(ana.page.getByText(t('console.chat.shared'))).toBeVisible();
  await ana.page.getByLabel(t('console.chat.project'), { exact: true }).click();
  await ana.page.getByRole('option', { name: /^Confeitaria/ }).click();
  await expect(ana.page.getByText(t('console.chat.offIn', { name: 'Confeitaria' }))).toBeVisible();
  await show({ page: ana.page, name: '96-chat-off' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.page.getByRole('link', { name: t('console.chat.openSwitch') }).click();
  await ana.page.getByRole('switch', { name: t('console.projects.hasChat') }).check();
  await expect(ana.toasts.getByText(t('console.projects.chatOn', { name: 'Confeitaria' }))).toBeVisible();
  await show({ page: ana.page, name: '97-project-defaults', sizes: [1440, 380] });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/bolos' }));
  await visitor.start('Quero um bolo', 'Célia Prado');
  await expect(davi.desk.row('Célia Prado')).toBeVisible();

  // Changed in one, it stands in the other; associated in one, it does not.
  await ana.go(`/settings/chat/general/${project.id}`);
  await ana.page.getByLabel(t('console.distribution.limit')).fill('7');
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  const first = await firstProject(world);
  await ana.go(`/settings/chat/general/${first.id}`);
  await expect(ana.page.getByLabel(t('console.distribution.limit'))).toHaveValue('7');
  await ana.go(`/settings/chat/specialists/${project.id}`);
  await ana.button('console.specialists.add').first().click();
  await choose(ana, 'console.specialists.people', 'Davi Moura');
  await ana.dialog.getByRole('button', { name: t('console.specialists.submit'), exact: true }).click();
  const panel = ana.page.getByRole('tabpanel');
  await expect(panel.getByRole('listitem').filter({ hasText: 'Davi Moura' })).toBeVisible();
  await ana.page.getByLabel(t('console.chat.project'), { exact: true }).click();
  await ana.page.getByRole('option', { name: new RegExp(`^${first.name}`) }).click();
  await expect(panel.getByRole('listitem').filter({ hasText: 'Davi Moura' })).toHaveCount(0);
  await ana.page.getByRole('tab', { name: t('console.chat.messages') }).click();
  await expect(panel.getByText(t('console.chat.ownText')).first()).toBeVisible();
  await show({ page: ana.page, name: '98-chat-messages' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.go('/settings/projects');
  await show({ page: ana.page, name: '99-projects' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  const more = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: 'Confeitaria' }) });
  await ana.choose(more, t('console.action.delete'));
  await expect(ana.toasts.getByText(/departamentos/)).toBeVisible(); // It still has one.
});

//
test('the company says what the chat says, and a connection says its own', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/settings/profile');
  await find(ana, 'messages and shortcuts', t('console.chat.messages'));
  await expect(ana.page).toHaveURL(/\/settings\/chat\/messages$/);
  const field = (key: string) => ana.page.getByRole('textbox', { name: t(key), exact: true });
  await field('console.chat.welcome').fill('Olá, {nome}!');
  await ana.button('console.action.save').click();
  await expect(field('console.chat.welcome')).toHaveAttribute('aria-invalid', 'true');
  await field('console.chat.welcome').fill('Olá, {customer_name}! Aqui é a {company}.');
  await field('console.chat.waiting').fill('Falta pouco: você é o número {position}.');
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await show({ page: ana.page, name: '100-chat-messages' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  const general = await world.owner.addWebchat();
  const own = await world.owner.addWebchat({ settings: { greeting: 'Pão quente às cinco.' } });
  const visitor = await people.visitor(shopPage(world, general, { path: '/geral' }));
  await visitor.openPanel();
  await expect(visitor.panel.getByText('Olá! Aqui é a Padaria Vila Clara.')).toBeVisible();
  const rui = await people.visitor(shopPage(world, general, { path: '/fila' }));
  await rui.start('Bom dia', 'Rui Nunes');
  await expect(rui.panel.getByText(/Falta pouco: você é o número \d+\./)).toBeVisible();
  const other = await people.visitor(shopPage(world, own, { path: '/proprio' }));
  await other.openPanel();
  await expect(other.panel.getByText('Pão quente às cinco.')).toBeVisible();

  await ana.page.getByRole('tab', { name: t('console.chat.general') }).click();
  const minutes = ana.page.getByLabel(t('console.chat.visitorMinutes'), { exact: true });
  await minutes.fill('50000');
  await minutes.blur();
  await expect(ana.page.getByText(t('console.form.spanFault', { least: '0 min', most: '30 dias' }))).toBeVisible();
  await minutes.fill('20');
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  // Z-121: in days, too.
  const unit = t('console.time.unitOf', { what: t('console.chat.visitorMinutes') });
  await ana.page.getByLabel(unit).selectOption('days');
  await minutes.fill('2');
  await ana.save();
  await ana.page.reload();
  await expect(minutes).toHaveValue('2');
  await expect(ana.page.getByLabel(unit)).toHaveValue('days');
  await minutes.scrollIntoViewIfNeeded();
  await show({ page: ana.page, name: '101-chat-silence', sizes: [1440, 380] });
});
