// Hours: set by an administrator, told to visitors, and kept by the clock.
import type { HoursOf } from '@balcao/api';
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { BRUNO, hire, say } from '../support/team';

const world = useWorld();

/** The company's day, as a field for dates takes it. */
const today = () => new Intl.DateTimeFormat('sv', { timeZone: 'America/Sao_Paulo' }).format(new Date());

// T-100, T-101, T-102, T-104, T-108 to T-111, T-113, T-114
test('a closed day closes the chat and disconnects whoever is there; staying longer and opening again are a click away', async ({
  people,
}) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const bruno = await hire(world, people, BRUNO, [service]);
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Bom dia', 'Marina Ribeiro');
  await bruno.desk.openRow('Marina Ribeiro');
  await bruno.desk.act('console.conversation.take').click();
  await expect(bruno.desk.reply).toBeEnabled();
  const other = await people.visitor(shopPage(world, connection, { path: '/outro' }));
  await other.openPanel();
  await expect(other.panel.getByText(t('widget.home.online'))).toBeVisible();

  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/hours');
  await expect(page.getByRole('heading', { name: t('console.hours.title') })).toBeVisible();
  await expect(page.getByText(t('console.hours.alwaysOpen'))).toBeVisible();
  await show({ page, name: '80-hours-empty', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(page)).toEqual([]);

  // Every day around the clock, but for today.
  await page.getByRole('button', { name: t('console.hours.addShift') }).click();
  const week = page.getByRole('group', { name: t('console.hours.weekdays', { number: 1 }) });
  for (const day of ['sábado', 'domingo']) await week.getByRole('button', { name: day, exact: false }).click();
  await page.getByLabel(t('console.hours.from'), { exact: true }).fill('00:00');
  await page.getByLabel(t('console.hours.to'), { exact: true }).fill('00:00');
  await page.getByRole('button', { name: t('console.hours.addDay') }).click();
  await page.getByLabel(t('console.hours.date')).fill(today());
  await page.getByLabel(t('console.hours.dayName')).fill('Inventário');
  await show({ page, name: '81-hours-form' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(page)).toEqual([]);
  await ana.button('console.action.save').click();
  // One wrong date sends everybody home: it can be taken back at once.
  await expect(ana.toasts.getByText(t('console.hours.closedNow'))).toBeVisible();
  await ana.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(page.getByText(t('console.hours.alwaysOpen'))).toBeVisible();
  await page.getByRole('button', { name: t('console.hours.addDay') }).click();
  await page.getByLabel(t('console.hours.date')).fill(today());
  await page.getByLabel(t('console.hours.dayName')).fill('Inventário');
  await page.getByRole('button', { name: t('console.hours.addShift') }).click();
  await page.getByLabel(t('console.hours.from'), { exact: true }).fill('00:00');
  await page.getByLabel(t('console.hours.to'), { exact: true }).fill('00:00');
  for (const day of ['sábado', 'domingo'])
    await page
      .getByRole('group', { name: t('console.hours.weekdays', { number: 1 }) })
      .getByRole('button', { name: day, exact: false })
      .click();
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.hours.closedNow'))).toBeVisible();
  const reopens = t('console.time.dayAt', { day: 'amanhã', time: '00:00' });
  const closed = t('console.hours.closedUntil', { when: reopens });
  await expect(page.getByText(t('console.hours.onDay', { day: 'Inventário', text: closed }))).toBeVisible();

  // Whoever is there is disconnected and told; the conversation stays, and so does its composer.
  const ended = t('console.shift.endedUntil', { when: reopens });
  await expect(bruno.desk.toasts.getByText(ended)).toBeVisible();
  await expect(bruno.desk.reply).toBeEnabled();
  const back = t('widget.reopens.tomorrow', { hour: '00:00' });
  await expect(other.panel.getByText(`${t('widget.reopens.day', { day: 'Inventário' })} ${back}`)).toBeVisible();
  await expect(visitor.panel.getByText(back)).toBeVisible();
  await other.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(other.panel.getByText(back)).toBeVisible();

  // Nobody goes online by hand; a manager lets somebody stay.
  await bruno.desk.choose(bruno.desk.page.getByRole('button', { name: /^Bruno Lima/ }), t('console.status.online'));
  await expect(bruno.desk.toasts.getByText(t('console.shift.outside', { when: reopens }))).toBeVisible();
  await ana.go('/team');
  const row = page.getByRole('listitem').filter({ hasText: 'Bruno Lima' });
  await expect(row).toContainText(t('console.shift.from', { when: reopens }));
  await show({ page, name: '82-team-shifts', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.choose(
    row.getByRole('button', { name: t('console.shift.extendFor', { name: 'Bruno Lima' }) }),
    t('console.shift.for', { time: t('console.time.wholeHours', { hours: 1 }) }),
  );
  await expect(bruno.desk.toasts.getByText(/Seu turno foi estendido/)).toBeVisible();
  await expect(row).toContainText(t('console.status.online'));

  // The day is taken back.
  await ana.go('/settings/hours');
  await page.getByRole('button', { name: t('console.hours.removeDay', { name: 'Inventário' }) }).click();
  await ana.button('console.action.save').click();
  await expect(other.panel.getByText(t('widget.form.intro'))).toBeVisible();
  await expect(other.panel.getByText(back)).toHaveCount(0);
});

// T-103, T-108, T-109, T-110
test('a department has hours of its own, holidays are chosen from a list, and what overlaps is told where it stands', async ({
  people,
}) => {
  const service = await world.owner.defaultDepartment();
  const ana = await people.agent(world);
  const { page } = ana;
  await say(ana, 'offline');
  await ana.go('/settings/hours');
  await page.getByRole('combobox', { name: t('console.hours.whose') }).click();
  await page.getByRole('option', { name: service.name }).click();
  await expect(page.getByText(t('console.hours.followsCompany'))).toBeVisible();
  await page.getByRole('button', { name: t('console.hours.addOwn') }).click();
  await page.getByRole('button', { name: t('console.hours.addShift') }).click();
  const rows = page.getByRole('listitem').filter({ has: page.getByLabel(t('console.hours.from'), { exact: true }) });
  await expect(rows).toHaveCount(2);
  const second = rows.nth(1);
  // On the first one's days, at its times.
  const monday = second.getByRole('button', { name: 'Segunda-feira' });
  if ((await monday.getAttribute('aria-pressed')) !== 'true') await monday.click();
  await second.getByLabel(t('console.hours.from'), { exact: true }).fill('09:00');
  await second.getByLabel(t('console.hours.to'), { exact: true }).fill('09:30');
  await ana.button('console.action.save').click();
  await expect(second.getByText(t('console.hours.overlapsOn', { days: 'segunda-feira' }))).toBeVisible();
  await show({ page, name: '83-hours-overlap', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: t('console.hours.removeShift', { number: 2 }) }).click();

  await page.getByRole('button', { name: t('console.hours.holidays') }).click();
  await ana.dialog.getByRole('combobox', { name: t('console.hours.state') }).click();
  await page.getByRole('option', { name: 'São Paulo' }).click();
  const year = Number(today().slice(0, 4)) + 1;
  await ana.dialog.getByRole('combobox', { name: t('console.hours.year') }).click();
  await page.getByRole('option', { name: String(year) }).click();
  await expect(ana.dialog.getByText(/Revolução Constitucionalista/)).toBeVisible();
  await show({ page, name: '84-holidays', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(page)).toEqual([]);
  // Ten of the nation's, one of the state's.
  await ana.dialog.getByRole('button', { name: t('console.hours.take', { count: 11 }) }).click();
  await ana.button('console.action.save').click();
  // Which of the two is said, the time of the day decides.
  const saved = ana.toasts.getByText(t('console.form.saved')).or(ana.toasts.getByText(t('console.hours.closedNow')));
  await expect(saved.first()).toBeVisible();
  await page.reload();
  await expect(page.getByLabel(t('console.hours.dayName'))).toHaveCount(11);

  // The company's days hold there too; who manages reads it all and changes nothing.
  const { items } = await world.owner.call<{ items: HoursOf[] }>('GET', '/hours');
  const company = items.find(({ owner }) => owner === 'company')!;
  const days = [{ date: `${year}-11-24`, name: 'Aniversário da casa', spans: [] }];
  const hours = { ...company.hours, days };
  await world.owner.call('PUT', '/hours', { owner: 'company', version: company.version, hours });
  await page.reload();
  await expect(page.getByText('Aniversário da casa')).toBeVisible();
  const gabi = { name: 'Gabi Reis', email: 'gabi@vilaclara.com.br', password: 'sonho de doce de leite' };
  await world.owner.addAgent(world.program.origin, gabi, 'manager');
  const manager = await people.agent(world, gabi);
  await manager.go(`/settings/hours/${service.id}`);
  await expect(manager.page.getByText('Aniversário da casa')).toBeVisible();
  await expect(manager.page.getByText('Revolução Constitucionalista', { exact: false })).toBeVisible();
  await expect(manager.page.getByText(t('console.hours.readOnly'))).toBeVisible();
  await expect(manager.page.getByRole('textbox')).toHaveCount(0);
  await show({ page: manager.page, name: '88-hours-read', sizes: [1440, 380] });
  await manager.page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(manager.page)).toEqual([]);
});
