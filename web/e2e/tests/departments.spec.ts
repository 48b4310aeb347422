// A department in full: its page in the console, and what of it a visitor meets.
import type { Connection, Department } from '@balcao/api';
import { violations } from '../support/axe';
import { picture } from '../support/media';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { BRUNO, CARLA, hire, say } from '../support/team';
import { openShadowRoots, type Visitor } from '../support/visitor';

test.describe.configure({ timeout: 180_000 });

const world = useWorld();

const change = (department: Department, body: object) =>
  world.owner.call<Department>('PATCH', `/departments/${department.id}`, body);

const brand = ({ panel }: Visitor) =>
  panel.locator('html').evaluate((root) => getComputedStyle(root).getPropertyValue('--brand').trim());

const launcherColour = ({ launcher }: Visitor) =>
  launcher.evaluate((button) => getComputedStyle(button).backgroundColor);

let count = 0;

async function finance(name = `Financeiro ${(count += 1)}`): Promise<{ department: Department; open: Connection }> {
  const department = await world.owner.addDepartment(name);
  const open = await world.owner.addWebchat({ department_id: null, settings: { colour: '#2459a8' } });
  return { department, open };
}

// T-061, T-063, T-066, T-080, T-083, Z-122, Z-123, Z-125, Z-128, X-022
test('every tab of a department says what is in force, and gives a single item back', async ({ people }) => {
  const { department, open } = await finance('Financeiro');
  await world.owner.addAgent(world.program.origin, { ...BRUNO, email: 'bruno.lima@vilaclara.com.br' });
  const ana = await people.agent(world);
  const { page } = ana;
  await openShadowRoots(page.context());
  const wide = () => page.setViewportSize({ width: 1440, height: 900 });
  await ana.go('/settings/departments');
  await page.getByRole('link', { name: 'Financeiro', exact: true }).click();
  await page.getByRole('switch', { name: t('console.department.mayClose') }).uncheck();
  await show({ page, name: '120-department-details', sizes: [1440, 380] });
  await wide();
  await ana.save();

  await page.getByRole('tab', { name: t('console.department.looks') }).click();
  const colour = page.getByLabel(t('console.webchat.colour'), { exact: true });
  const seen = page.frameLocator(`iframe[title="${t('console.webchat.preview')}"]`).last();
  const panel = seen.frameLocator('iframe[title=Chat]');
  await expect(panel.locator('.screen')).toBeVisible();
  const fromConnection = t('console.department.fromConnection', { value: '#2459a8', connection: open.name });
  await expect(page.getByText(t('console.department.inForce', { value: fromConnection }))).toBeVisible();
  await colour.fill('#ffcc00');
  await page.getByLabel(t('console.webchat.pluginName'), { exact: true }).fill('Cobrança');
  await page.getByLabel(t('console.webchat.width'), { exact: true }).fill('420');
  await expect(panel.getByText('Cobrança').first()).toBeVisible();
  const logo = page.getByRole('group', { name: t('console.department.logo') });
  await logo.locator('input[type=file]').setInputFiles(await picture(page, { width: 200, height: 200 }));
  await expect(logo.locator('img')).toBeVisible();
  await expect(panel.locator('.tile img')).toBeVisible();
  await show({ page, name: '121-department-looks' });
  await wide();
  await ana.save();
  const restore = t('console.department.restoreOf', { field: t('console.webchat.colour') });
  await page.getByRole('button', { name: restore }).click();
  await expect(colour).toHaveValue('');
  await ana.save();
  const { items } = await world.owner.call<{ items: Department[] }>('GET', '/departments');
  const looks = items.find(({ id }) => id === department.id)!.looks;
  expect([looks.colour, looks.plugin_name, looks.width]).toEqual([null, 'Cobrança', 420]);

  await page.getByRole('tab', { name: t('console.department.messages') }).click();
  await page.getByLabel(t('console.chat.initial'), { exact: true }).fill('Olá, {nome}');
  await ana.button('console.action.save').click();
  await expect(page.getByText(/\{customer_name\}/).last()).toBeVisible();
  await page.getByLabel(t('console.chat.initial'), { exact: true }).fill('Olá, {customer_name}. Sou {agent_name}.');
  await ana.save();
  await show({ page, name: '122-department-messages', sizes: [1440, 380] });
  await wide();

  await page.getByRole('tab', { name: t('console.department.distribution') }).click();
  await page.getByLabel(t('console.distribution.limit')).fill('3');
  await expect(page.getByText(t('console.department.limitOwn', { limit: 3 }))).toBeVisible();
  await page.getByLabel(t('console.department.overflowTo')).click();
  await page.getByRole('option', { name: 'Atendimento' }).click();
  await page.getByLabel(t('console.department.overflowMinutes'), { exact: true }).fill('15');
  const unit = page.getByLabel(t('console.time.unitOf', { what: t('console.department.overflowMinutes') }));
  await expect(unit).toHaveValue('minutes');
  await show({ page, name: '123-department-distribution', sizes: [1440, 380] });
  await wide();
  await ana.save();

  await page.getByRole('tab', { name: t('console.department.people') }).click();
  await show({ page, name: '124-department-nobody', sizes: [1440] });
  const adding = page.getByRole('combobox', { name: t('console.department.addPerson') });
  await adding.click();
  await adding.pressSequentially('Bruno');
  await page.getByRole('option', { name: /Bruno Lima/ }).click();
  await expect(page.getByRole('tabpanel').getByRole('listitem').filter({ hasText: 'Bruno Lima' })).toBeVisible();
  await expect(adding).toHaveValue('');
  await show({ page, name: '125-department-people', sizes: [1440, 380] });
});

// Z-120
test('a department gives its conversations in the order of its list, which is arranged by the keyboard', async ({
  people,
}) => {
  const { department } = await finance('Portaria');
  for (const account of [BRUNO, CARLA]) {
    const { id } = await world.owner.addAgent(world.program.origin, { ...account, email: `z-${account.email}` });
    await world.owner.changeAgent(id, { departments: [{ id: department.id, is_manager: false }] });
  }
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go(`/settings/departments/${department.id}/distribution`);
  await page.getByLabel(t('console.distribution.label')).click();
  await page.getByRole('option', { name: new RegExp(`^${t('console.distribution.inOrder')}`) }).click();
  const order = page.getByRole('group', { name: t('console.distribution.order') }).getByRole('listitem');
  await expect(order).toHaveText([/Bruno/, /Carla/]);
  const up = page.getByRole('button', { name: t('console.distribution.moveUp', { name: CARLA.name }) });
  await up.focus();
  await page.keyboard.press('Enter');
  await expect(order).toHaveText([/Carla/, /Bruno/]);
  // At the top the other button is left, and has the focus.
  await expect(
    page.getByRole('button', { name: t('console.distribution.moveDown', { name: CARLA.name }) }),
  ).toBeFocused();
  await show({ page, name: '125-department-order', sizes: [1440, 380] });
  expect(await violations(page)).toEqual([]);
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.save();
  const { items } = await world.owner.call<{ items: Department[] }>('GET', '/departments');
  const saved = items.find(({ id }) => id === department.id)!;
  expect([saved.distribution, saved.order.length]).toEqual(['in_order', 2]);
  await page.reload();
  await expect(order).toHaveText([/Carla/, /Bruno/]);
});

// T-061, T-065, X-022
test('a visitor meets the looks of the department: fixed, named by the page, or chosen', async ({ people }) => {
  const { department, open } = await finance();
  const fixed = await world.owner.addWebchat({ department_id: department.id, settings: { colour: '#2459a8' } });
  await change(department, {
    looks: { colour: '#ffcc00', plugin_name: 'Cobrança', width: 420, placeholder: 'Sua dúvida', position: 'left' },
    messages: { welcome: 'Boletos e notas' },
  });
  const bruno = await hire(world, people, BRUNO, [department]);

  const one = await people.visitor(shopPage(world, fixed));
  expect(await launcherColour(one)).toBe('rgb(255, 204, 0)');
  await one.openPanel();
  await expect(one.panel.getByRole('heading', { name: 'Boletos e notas' })).toBeVisible();
  expect(await brand(one)).toBe('#ffcc00');
  expect((await one.frame.boundingBox())?.width).toBe(420);

  const payload = { department: department.id };
  const two = await people.visitor(shopPage(world, open, { path: '/financeiro', payload }));
  await expect.poll(() => launcherColour(two)).toBe('rgb(255, 204, 0)');
  await expect(two.launcher).toHaveCount(1);
  await two.openPanel();
  expect(await brand(two)).toBe('#ffcc00');

  // Chosen: worn with the choice, kept after a reload, taken off with another.
  const three = await people.visitor(shopPage(world, open, { path: '/escolha' }));
  expect(await launcherColour(three)).toBe('rgb(36, 89, 168)');
  await three.openPanel();
  expect(await brand(three)).toBe('#2459a8');
  await three.panel.getByRole('button', { name: t('widget.home.start') }).click();
  const choice = three.panel.getByLabel(t('widget.form.department'));
  await choice.selectOption({ value: department.id });
  await expect.poll(() => brand(three)).toBe('#ffcc00');
  await three.panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await three.panel.getByLabel(t('widget.form.message')).fill('O boleto');
  await three.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(three.panel.getByRole('heading', { name: 'Cobrança' })).toBeVisible();
  await expect(three.panel.getByPlaceholder('Sua dúvida')).toBeVisible();
  await show({ page: three.page, name: '126-widget-department', sizes: [1440, 380] });
  await three.page.setViewportSize({ width: 1440, height: 900 });
  await three.page.reload();
  await expect(three.panel.locator('.screen')).toBeVisible();
  await expect.poll(() => brand(three)).toBe('#ffcc00');
  await bruno.desk.openRow('Marina Ribeiro');
  await expect(bruno.desk.timeline.getByText('O boleto')).toBeVisible();
});

// T-065
test('the logo at the head is another one while nobody is online', async ({ people }) => {
  const { department } = await finance();
  const ana = await people.agent(world);
  const logos: string[] = [];
  for (const size of [60, 61]) {
    const { buffer } = await picture(ana.page, { width: size, height: size });
    const answer = await ana.page.context().request.post('/api/pictures', {
      headers: { 'content-type': 'image/png' },
      data: buffer,
    });
    logos.push(((await answer.json()) as { id: string }).id);
  }
  await change(department, { looks: { online_logo: logos[0], offline_logo: logos[1] } });
  const connection = await world.owner.addWebchat({ department_id: department.id });
  const carla = await hire(world, people, CARLA, [department]);
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  const head = visitor.panel.locator('header .tile img');
  await expect(head).toHaveAttribute('src', new RegExp(logos[0]!));
  await say(carla.desk, 'offline');
  await expect(head).toHaveAttribute('src', new RegExp(logos[1]!));
});

// T-083, Z-123
test('who waits is told the place, and who is taken is greeted by name', async ({ people }) => {
  const elsa = { name: 'Elsa Prado', email: 'elsa@vilaclara.com.br', password: 'broa de milho com erva' };
  const { department } = await finance();
  await change(department, {
    messages: {
      queued: 'Há {ahead} na sua frente',
      initial: 'Olá, {customer_name}. Sou {agent_name}.',
    },
  });
  const connection = await world.owner.addWebchat({ department_id: department.id });
  const her = await hire(world, people, elsa, [department]);
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('O boleto', 'Marina Ribeiro');
  await expect(marina.lines.getByText('Há 0 na sua frente')).toBeVisible();
  await her.desk.openRow('Marina Ribeiro');
  await her.desk.act('console.conversation.take').click();
  await expect(marina.lines.getByText('Olá, Marina Ribeiro. Sou Elsa Prado.')).toBeVisible();
  const said = t('console.event.automatic', { text: 'Olá, Marina Ribeiro. Sou Elsa Prado.' });
  await expect(her.desk.timeline.getByText(said)).toBeVisible();
});

// T-090, X-021
test('the first steps lead an administrator to departments and people, and say what is done', async ({ people }) => {
  await finance();
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go();
  await ana.seek('primeiros passos');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/settings\/steps$/);
  const step = (key: string) =>
    page
      .getByRole('main')
      .getByRole('link')
      .filter({ hasText: t(key) });
  const done = new RegExp(t('console.steps.done'));
  await expect(step('console.steps.departments')).toHaveAccessibleName(done);
  await expect(step('console.steps.connection')).toHaveAccessibleName(done);
  await show({ page, name: '129-first-steps', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await step('console.steps.departments').click();
  await expect(page.getByRole('heading', { name: t('console.departments.title') })).toBeVisible();
  await page.goBack();
  await step('console.steps.people').click();
  await expect(page.getByRole('heading', { name: t('console.people.title') })).toBeVisible();
});
