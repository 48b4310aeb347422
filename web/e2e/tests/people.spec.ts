// People: invited by link, logging in and out, their own status and settings, and what each role sees.
import { expect, shopPage, t, test, useWorld, visit } from '../support/test';
import { Api, type Account } from '../support/api';
import { violations } from '../support/axe';
import { Desk } from '../support/desk';

const world = useWorld();

const BRUNO: Account = { name: 'Bruno Lima', email: 'bruno@vilaclara.com.br', password: 'farinha fermento e sal' };
const CARLA: Account = { name: 'Carla Reis', email: 'carla@vilaclara.com.br', password: 'sonho de padaria 2026' };
const DAVI: Account = { name: 'Davi Melo', email: 'davi@vilaclara.com.br', password: 'baguete e croissant' };
const ELISA: Account = { name: 'Elisa Paz', email: 'elisa@vilaclara.com.br', password: 'broa de milho quente' };

// T-084, T-087
test('an invited person opens the link in another browser, chooses a password and is in', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/settings/people');
  await ana.button('console.people.invite').click();
  await ana.dialog.getByLabel(t('console.access.name'), { exact: true }).fill(BRUNO.name);
  await ana.dialog.getByLabel(t('console.access.email'), { exact: true }).fill('not an address');
  await ana.button('console.people.inviteSubmit').click();
  await expect(ana.dialog.getByLabel(t('console.access.email'), { exact: true })).toHaveAttribute(
    'aria-invalid',
    'true',
  );
  await ana.dialog.getByLabel(t('console.access.email'), { exact: true }).fill(BRUNO.email);
  await ana.button('console.people.inviteSubmit').click();
  await expect(ana.dialog.getByText(t('console.people.linkText'))).toBeVisible();
  const link = (await ana.dialog.locator('code').textContent()) ?? '';
  await ana.button('console.action.done').click();
  const bruno = ana.page.getByRole('listitem').filter({ hasText: BRUNO.email });
  await expect(bruno).toContainText(t('console.people.invited'));

  const context = await people.browser(BRUNO.name, { baseURL: world.program.origin });
  const page = await visit(context, link);
  await expect(page.getByText(t('console.invitation.text', { email: BRUNO.email }))).toBeVisible();
  await expect(page.getByLabel(t('console.access.name'), { exact: true })).toHaveValue(BRUNO.name);
  await page.getByLabel(t('console.access.password'), { exact: true }).fill('curta');
  await page.getByRole('button', { name: t('console.invitation.accept') }).click();
  await expect(page.getByText(t('error.password_too_short'))).toBeVisible();
  await page.getByLabel(t('console.access.password'), { exact: true }).fill(BRUNO.password);
  await page.getByRole('button', { name: t('console.invitation.accept') }).click();
  await expect(page).toHaveURL(/\/conversations$/);
  await expect(bruno).not.toContainText(t('console.people.invited'));

  const second = await visit(context, link);
  await expect(second.getByText(t('console.invitation.invalid'))).toBeVisible();
});

// T-087
test('a good link pasted over a dead one in the same tab is taken', async ({ people }) => {
  const iris: Account = { name: 'Íris Mota', email: 'iris@vilaclara.com.br', password: 'rosca doce com coco' };
  const { invitation } = await world.owner.invite(iris);
  const context = await people.browser(iris.name, { baseURL: world.program.origin });
  const page = await visit(context, '/invitation#dead');
  await expect(page.getByText(t('console.invitation.invalid'))).toBeVisible();
  await page.goto(invitation.link);
  await expect(page.getByLabel(t('console.access.name'), { exact: true })).toHaveValue(iris.name, { timeout: 3_000 });
});

//
test('people log in and out; logging out everywhere throws out the other browser without a reload', async ({
  people,
}) => {
  await world.owner.addAgent(world.program.origin, CARLA);
  const context = await people.browser(CARLA.name, { baseURL: world.program.origin });
  const here = new Desk(await visit(context, '/settings/profile'));
  await expect(here.page).toHaveURL(/\/login$/);
  await here.logIn(CARLA.email, CARLA.password);
  // Where one wanted to go in the first place.
  await expect(here.page).toHaveURL(/\/settings\/profile$/);
  const own = (desk: Desk) => desk.page.getByRole('button', { name: new RegExp(`^${CARLA.name}`) });
  await here.choose(own(here), t('console.own.logOut'));
  await expect(here.page).toHaveURL(/\/login$/);
  await here.page.goto('/conversations');
  await expect(here.page).toHaveURL(/\/login$/);
  await here.logIn(CARLA.email, CARLA.password);
  await expect(here.page).toHaveURL(/\/conversations$/);

  const there = await people.agent(world, CARLA);
  await there.go();
  await expect(there.page.getByText(t('console.list.emptyQueue'))).toBeVisible();
  await here.choose(own(here), t('console.own.logOutEverywhere'));
  await expect(here.page).toHaveURL(/\/login$/);
  await expect(there.page).toHaveURL(/\/login$/, { timeout: 5_000 });
});

test('a new password ends the other sessions and is the one that counts', async ({ people }) => {
  await world.owner.addAgent(world.program.origin, DAVI);
  const here = await people.agent(world, DAVI);
  const there = await people.agent(world, DAVI);
  await there.go();
  await here.go('/settings/profile');
  const change = async (current: string, next: string) => {
    await here.page.getByLabel(t('console.profile.currentPassword')).fill(current);
    await here.page.getByLabel(t('console.profile.newPassword')).fill(next);
    await here.button('console.profile.changePassword').click();
  };
  await change('not my password', 'uma senha bem nova');
  await expect(here.page.getByText(t('error.password_wrong'))).toBeVisible();
  await change(DAVI.password, 'uma senha bem nova');
  await expect(here.toasts.getByText(t('console.profile.passwordChanged'))).toBeVisible();
  await expect(there.page).toHaveURL(/\/login$/, { timeout: 5_000 });
  await there.logIn(DAVI.email, DAVI.password);
  await expect(there.page.getByText(t('error.wrong_login'))).toBeVisible();
  await there.logIn(DAVI.email, 'uma senha bem nova');
  await expect(there.page).toHaveURL(/\/conversations$/);
});

// T-133, T-134, T-135
test('the own status is one click away, colleagues see it, and login sets it', async ({ people }) => {
  await world.owner.addAgent(world.program.origin, ELISA);
  const ana = await people.agent(world);
  await ana.go('/settings/people');
  const elisa = await people.agent(world, ELISA);
  await elisa.go();
  const own = elisa.page.getByRole('button', { name: new RegExp(`^${ELISA.name}`) });
  const row = ana.page.getByRole('listitem').filter({ hasText: ELISA.email });
  await elisa.choose(own, t('console.status.online'));
  await expect(own).toHaveAccessibleName(new RegExp(t('console.status.online')));
  await expect(row).toContainText(t('console.status.online'));
  await elisa.choose(own, t('console.status.away'));
  await expect(row).toContainText(t('console.status.away'));

  await elisa.go('/settings/profile');
  await elisa.page.getByLabel(t('console.profile.statusOnLogin')).click();
  await elisa.page.getByRole('option', { name: t('console.status.online') }).click();
  await elisa.button('console.action.save').click();
  await expect(elisa.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await elisa.choose(own, t('console.own.logOut'));
  await elisa.logIn(ELISA.email, ELISA.password);
  await expect(own).toHaveAccessibleName(new RegExp(t('console.status.online')));
  await expect(row).toContainText(t('console.status.online'));
});

//
test('an agent finds the own profile in the settings and nothing that is not theirs', async ({ people }) => {
  const faye: Account = { name: 'Fabi Luz', email: 'fabi@vilaclara.com.br', password: 'pao na chapa com cafe' };
  await world.owner.addAgent(world.program.origin, faye);
  const agent = await people.agent(world, faye);
  await agent.go('/settings');
  const menu = agent.page.getByRole('navigation', { name: t('console.nav.settings') });
  await expect(menu.getByRole('link')).toHaveText([t('console.profile.title')]);
  await agent.go('/settings/connections');
  await expect(agent.page.getByText(t('console.state.forbidden'))).toBeVisible();
  await agent.go();
  await expect(agent.page.getByText(t('console.list.emptyQueue'))).toBeVisible();
  await expect(agent.page.getByText(t('console.list.connectSite'))).toHaveCount(0);

  const ana = await people.agent(world);
  await ana.go('/settings');
  await expect(ana.page.getByRole('navigation', { name: t('console.nav.settings') }).getByRole('link')).toHaveText([
    t('console.profile.title'),
    t('console.people.title'),
    t('console.departments.title'),
    t('console.hours.title'),
    t('console.connections.title'),
    t('console.publish.title'),
    t('console.chat.title'),
    t('console.labels.title'),
    t('console.categories.title'),
    t('console.quickReplies.title'),
    t('console.mail.title'),
    t('console.privacy.title'),
    t('console.steps.title'),
    t('console.company.title'),
  ]);
});

//
test('an observer reads a conversation and has nothing to write it with', async ({ people }) => {
  const viewer: Account = { name: 'Gil Vaz', email: 'gil@vilaclara.com.br', password: 'so olhando as fornadas' };
  await world.owner.addAgent(world.program.origin, viewer, 'viewer');
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quem só olha não responde');
  const gil = await people.agent(world, viewer);
  await gil.go();
  await gil.openRow('Marina Ribeiro');
  await gil.expectTexts(['Quem só olha não responde']);
  await expect(gil.act('console.conversation.take')).toHaveCount(0);
  await expect(gil.reply).toHaveCount(0);
  await expect(gil.note).toHaveCount(0);
  await expect(gil.page.getByText(t('console.composer.viewerHint'))).toBeVisible();
});

//
test('another role and other departments reach an open console without a reload', async ({ people }) => {
  const rosa: Account = { name: 'Rosa Dias', email: 'rosa@vilaclara.com.br', password: 'pao doce com goiabada' };
  const agent = await world.owner.addAgent(world.program.origin, rosa);
  const other = await world.owner.addDepartment('Encomendas');
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Para quem muda de função', 'Lia Prates');
  const desk = await people.agent(world, rosa);
  await desk.go();
  await desk.openRow('Lia Prates');
  await expect(desk.act('console.conversation.take')).toBeVisible();

  await world.owner.changeAgent(agent.id, { role: 'viewer' });
  await expect(desk.page.getByText(t('console.composer.viewerHint'))).toBeVisible();
  await expect(desk.act('console.conversation.take')).toHaveCount(0);
  await world.owner.changeAgent(agent.id, { role: 'agent' });
  await expect(desk.act('console.conversation.take')).toBeVisible();
  await visitor.write('E agora?');
  await desk.expectTexts(['Para quem muda de função', 'E agora?']);

  await world.owner.changeAgent(agent.id, { departments: [{ id: other.id, is_manager: false }] });
  await expect(desk.page.getByText(t('console.conversation.missing'))).toBeVisible();
  await expect(desk.row('Lia Prates')).toHaveCount(0);
  const { id } = await world.owner.defaultDepartment();
  await world.owner.changeAgent(agent.id, { departments: [{ id, is_manager: false }] });
  await expect(desk.row('Lia Prates')).toBeVisible();
  await desk.expectTexts(['Para quem muda de função', 'E agora?']);
});

// T-087
test('who forgot the password gets a link, and is thrown out elsewhere once it is used', async ({ people }) => {
  const joel: Account = { name: 'Joel Sampaio', email: 'joel@vilaclara.com.br', password: 'fatia hungara com creme' };
  await world.owner.addAgent(world.program.origin, joel);
  const elsewhere = await people.agent(world, joel);
  await elsewhere.go();
  const ana = await people.agent(world);
  await ana.go('/settings/people');
  const menu = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: joel.name }) });
  await ana.choose(menu, t('console.people.passwordLink'));
  await expect(ana.dialog.getByText(t('console.people.passwordText'))).toBeVisible();
  const link = (await ana.dialog.locator('code').textContent()) ?? '';
  const context = await people.browser(joel.name, { baseURL: world.program.origin });
  const page = await visit(context, link);
  await expect(page.getByRole('heading', { name: t('console.invitation.passwordTitle') })).toBeVisible();
  await expect(page.getByLabel(t('console.access.name'), { exact: true })).toHaveCount(0);
  await page.getByLabel(t('console.access.password'), { exact: true }).fill('rabanada de natal 2026');
  await page.getByRole('button', { name: t('console.invitation.acceptPassword') }).click();
  await expect(page).toHaveURL(/\/conversations$/);
  await expect(elsewhere.page).toHaveURL(/\/login$/);
});

//
test('an administrator sees why an owner is out of reach, and a manager manages a department', async ({ people }) => {
  const rui: Account = { name: 'Rui Castro', email: 'rui@vilaclara.com.br', password: 'empada de palmito quente' };
  await world.owner.addAgent(world.program.origin, rui, 'administrator');
  await world.owner.addDepartment('Confeitaria');
  const desk = await people.agent(world, rui);
  await desk.go('/settings/people');
  const more = (name: string) => desk.page.getByRole('button', { name: t('console.action.moreFor', { name }) });
  await expect(more(rui.name)).toBeVisible();
  await expect(more('Ana Souza')).toHaveCount(0);
  await expect(desk.page.getByRole('listitem').filter({ hasText: 'ana@vilaclara.com.br' })).toContainText(
    t('console.people.ownersOnly'),
  );

  await desk.button('console.people.invite').click();
  const manages = desk.dialog.getByText(t('console.people.manages'));
  await expect(manages).toHaveCount(0);
  await desk.dialog.getByLabel(t('console.people.role')).click();
  await desk.page.getByRole('option', { name: new RegExp(`^${t('console.role.manager')}`) }).click();
  await expect(manages).toBeVisible();
  await expect(desk.dialog.getByRole('checkbox')).toBeChecked();
  const departments = desk.dialog.getByRole('combobox', { name: t('console.people.departments') });
  await departments.click();
  await desk.page.getByRole('option', { name: 'Confeitaria' }).click();
  await expect(desk.dialog.getByRole('checkbox')).toHaveCount(2);
  await expect(desk.dialog.getByRole('checkbox').last()).toBeChecked();
  await expect(departments).toHaveValue('');
  await desk.page.keyboard.press('Escape');
  await desk.dialog.getByLabel(t('console.access.name'), { exact: true }).fill('Tarsila Brito');
  await desk.dialog.getByLabel(t('console.access.email'), { exact: true }).fill('tarsila@vilaclara.com.br');
  for (const box of await desk.dialog.getByRole('checkbox').all()) await box.click();
  // What is typed and cannot be chosen holds the form; what only one of them begins with is that one.
  await departments.pressSequentially('Padaria');
  await desk.button('console.people.inviteSubmit').click();
  await expect(desk.dialog.getByText(t('console.state.notInList', { typed: 'Padaria' }))).toBeVisible();
  await expect(departments).toBeFocused();
  expect(await violations(desk.page)).toEqual([]);
  await departments.fill('confeit');
  await departments.blur();
  await expect(departments).toHaveValue('');
  await desk.button('console.people.inviteSubmit').click();
  await expect(desk.dialog.getByText(t('error.manages_nothing'))).toBeVisible();
});

// T-106
test('a manager replies and closes for colleagues in the departments they manage, and in no other', async ({
  people,
}) => {
  const ivo: Account = { name: 'Ivo Lage', email: 'ivo@vilaclara.com.br', password: 'pao de milho com erva doce' };
  const agent = await world.owner.addAgent(world.program.origin, ivo, 'manager');
  const { id } = await world.owner.defaultDepartment();
  const own = { id: (await world.owner.addDepartment('Salgados')).id, is_manager: true };
  await world.owner.changeAgent(agent.id, { departments: [{ id, is_manager: false }, own] });
  const visitor = await people.visitor(shopPage(world, await world.owner.addWebchat()));
  await visitor.start('Quem manda aqui?', 'Olga Braga');
  const ana = await people.agent(world);
  await ana.go();
  await ana.openRow('Olga Braga');
  await ana.act('console.conversation.take').click();
  await expect(ana.act('console.conversation.close')).toBeVisible();

  const manager = await people.agent(world, ivo);
  await manager.go(new URL(ana.page.url()).pathname);
  await manager.expectTexts(['Quem manda aqui?']);
  await expect(manager.act('console.conversation.close')).toHaveCount(0);
  await expect(manager.page.getByText(t('console.composer.peekHint', { name: 'Ana Souza' }))).toBeVisible();
  await world.owner.changeAgent(agent.id, { departments: [{ id, is_manager: true }, own] });
  await expect(manager.act('console.conversation.close')).toBeVisible();
  // The note comes first in a colleague's conversation.
  await expect(manager.note).toBeVisible();
  await manager.page.keyboard.press('r');
  await expect(manager.page.getByText(t('console.composer.colleagueHint', { name: 'Ana Souza' }))).toBeVisible();
  await manager.write('Eu, a pedido da Ana');
  await visitor.expectTexts(['Quem manda aqui?', 'Eu, a pedido da Ana']);
  await expect(ana.act('console.conversation.close')).toBeVisible();
  await manager.act('console.conversation.close').click();
  await expect(ana.act('console.conversation.reopen')).toBeVisible();
});

test('a waiting conversation is closed without being taken', async ({ people }) => {
  const visitor = await people.visitor(shopPage(world, await world.owner.addWebchat()));
  await visitor.start('Compre já', 'Vendedor Insistente');
  const ana = await people.agent(world);
  await ana.go();
  await ana.openRow('Vendedor Insistente');
  await expect(ana.act('console.conversation.take')).toBeVisible();
  await ana.choose(ana.act('console.conversation.more'), t('console.conversation.close'));
  await expect(ana.toasts.getByText(t('console.conversation.closed'))).toBeVisible();
  await expect(ana.act('console.conversation.reopen')).toBeVisible();
});

test('who is deactivated is thrown out and cannot come back', async ({ people }) => {
  const hugo: Account = { name: 'Hugo Sá', email: 'hugo@vilaclara.com.br', password: 'fornada das cinco horas' };
  await world.owner.addAgent(world.program.origin, hugo);
  const agent = await people.agent(world, hugo);
  await agent.go();
  await expect(agent.row('Marina Ribeiro')).toBeVisible();
  const ana = await people.agent(world);
  await ana.go('/settings/people');
  const menu = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: hugo.name }) });
  await ana.choose(menu, t('console.people.deactivate'));
  await expect(ana.toasts.getByText(t('console.people.deactivated', { name: hugo.name }))).toBeVisible();
  await expect(agent.page).toHaveURL(/\/login$/, { timeout: 5_000 });
  await agent.logIn(hugo.email, hugo.password);
  await expect(agent.page.getByRole('button', { name: t('console.access.logIn') })).toBeEnabled();
  await expect(agent.page).toHaveURL(/\/login$/);
  await ana.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(ana.toasts.getByText(t('console.people.activated', { name: hugo.name }))).toBeVisible();
  const back = await Api.at(world.program.origin);
  await back.logIn(hugo);
  await back.close();
});

test('what is written in a dialog is not lost by a key, a click beside it, a link or Back', async ({ people }) => {
  const desk = await people.agent(world);
  await desk.go('/settings/profile');
  await desk.page.getByRole('link', { name: t('console.people.title'), exact: true }).click();
  await desk.button('console.people.invite').click();
  await desk.page.keyboard.press('Escape');
  await expect(desk.dialog).toBeHidden();

  await desk.button('console.people.invite').click();
  const name = desk.dialog.getByLabel(t('console.access.name'), { exact: true });
  const question = desk.dialog.getByRole('group', { name: t('console.form.discardQuestion') });
  await name.fill('Tomás Brito');
  const ways = [
    () => desk.page.keyboard.press('Escape'),
    () => desk.page.mouse.click(5, 5),
    () => desk.dialog.getByRole('button', { name: t('console.action.close') }).click(),
    () => desk.page.goBack(),
  ];
  for (const leave of ways) {
    await leave();
    await expect(question.getByRole('button', { name: t('console.form.stay') })).toBeFocused();
    await desk.page.keyboard.press('Enter');
    await expect(question).toBeHidden();
    await expect(name).toBeFocused();
    await expect(name).toHaveValue('Tomás Brito');
    await expect(desk.page).toHaveURL(/\/settings\/people$/);
  }
  await desk.page.goBack();
  await question.getByRole('button', { name: t('console.action.discard') }).click();
  await expect(desk.dialog).toBeHidden();
  await expect(desk.page).toHaveURL(/\/settings\/profile$/);
});
