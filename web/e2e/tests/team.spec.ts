// The team's screen: everybody's status and load, live; who is missed; and handing on what somebody has open.
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { BRUNO, CARLA, DAVI, hire, say, writes } from '../support/team';

const world = useWorld();

// T-135, T-137
test('a manager sees who is there and who is missed, is told, and hands the conversations on', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const carla = await hire(world, people, CARLA, [service], 'manager');
  const bruno = await hire(world, people, BRUNO, [service]);
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Bom dia', 'Marina Ribeiro');
  await writes(world, connection.code, 'Igor Nunes', ['Tem alguém?']);

  const manager = carla.desk.page;
  const toTeam = () => manager.getByRole('link', { name: new RegExp(`^${t('console.team.title')}`) }).click();
  const toConversations = () =>
    manager.getByRole('link', { name: new RegExp(`^${t('console.nav.conversations')}`) }).click();
  await toTeam();
  await expect(manager.getByRole('heading', { name: t('console.team.title') })).toBeVisible();
  const rowOf = (name: string) => manager.getByRole('listitem').filter({ hasText: name });
  await expect(rowOf('Bruno Lima')).toContainText(t('console.status.online'));
  await expect(rowOf('Bruno Lima')).toContainText(t('console.team.load', { open: 0, limit: 5 }));

  for (const name of ['Marina Ribeiro', 'Igor Nunes']) {
    await bruno.desk.tab('queue').click();
    await bruno.desk.openRow(name);
    await bruno.desk.act('console.conversation.take').click();
    await bruno.desk.write('Já vejo.');
  }
  await expect(rowOf('Bruno Lima')).toContainText(t('console.team.load', { open: 2, limit: 5 }));
  await expect(rowOf('Bruno Lima').getByText(t('console.team.waitFor', { count: 1 }))).toHaveCount(0);

  // In the own menu too.
  await bruno.desk.page.getByRole('button', { name: /^Bruno Lima/ }).click();
  await expect(
    bruno.desk.page.getByRole('menu').getByText(t('console.team.load', { open: 2, limit: 5 })),
  ).toBeVisible();
  await bruno.desk.page.keyboard.press('Escape');

  // He leaves, and a visitor writes: his manager is told by name.
  await bruno.desk.go('/settings/profile');
  await say(bruno.desk, 'offline');
  await expect(rowOf('Bruno Lima')).toContainText(t('console.status.offline'));
  await marina.write('Ainda está aí?');
  const bar = manager.getByRole('status').filter({ hasText: 'Bruno Lima' });
  await expect(rowOf('Bruno Lima').getByText(t('console.team.waitFor', { count: 1 }))).toBeVisible();
  await expect(bar).toHaveCount(0);
  await toConversations();
  await expect(bar).toContainText(t('console.absence.one', { name: 'Bruno Lima', count: 1 }));
  // It can be put aside, and comes back the next time he is missed.
  await bar.getByRole('button', { name: t('console.absence.putAside') }).click();
  await expect(bar).toHaveCount(0);
  await toTeam();
  await say(bruno.desk, 'online');
  await expect(rowOf('Bruno Lima')).toContainText(t('console.status.online'));
  await say(bruno.desk, 'offline');
  await toConversations();
  await expect(bar).toBeVisible();

  await bar.getByRole('button', { name: t('console.handOver.action') }).click();
  await expect(carla.desk.dialog).toContainText(t('console.handOver.text', { count: 2 }));
  await carla.desk.dialog.getByRole('radio', { name: t('console.handOver.agent') }).check();
  await carla.desk.dialog.getByRole('combobox', { name: t('console.handOver.whichAgent') }).click();
  await manager.getByRole('option', { name: /Carla Reis/ }).click();
  await carla.desk.dialog.getByRole('button', { name: t('console.handOver.submit', { count: 2 }) }).click();
  await expect(carla.desk.dialog).toHaveCount(0);
  await expect(
    carla.desk.toasts.getByText(t('console.handOver.toAgent', { count: 2, name: 'Carla Reis' })),
  ).toBeVisible();
  await expect(bar).toHaveCount(0);
  await toTeam();
  await expect(rowOf('Carla Reis')).toContainText(t('console.team.load', { open: 2, limit: 5 }));
  await expect(rowOf('Bruno Lima')).toContainText(t('console.team.load', { open: 0, limit: 5 }));
  await expect(marina.panel.getByRole('heading', { name: 'Carla Reis' })).toBeVisible();
});

// T-135
test('an agent sees the whole team, and hands on only what is their own', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const finance = await world.owner.addDepartment('Financeiro');
  const other = { name: 'Elisa Prado', email: 'elisa@vilaclara.com.br', password: 'broa de milho com erva' };
  await hire(world, people, other, [service]);
  const { desk } = await hire(world, people, DAVI, [service, finance]);
  const connection = await world.owner.addWebchat();
  await writes(world, connection.code, 'Nara Pires', ['Oi']);
  await desk.openRow('Nara Pires');
  await desk.act('console.conversation.take').click();
  await expect(desk.reply).toBeFocused();
  await desk.go('/team');
  const rowOf = (name: string) => desk.page.getByRole('listitem').filter({ hasText: name });
  await expect(rowOf('Elisa Prado')).toBeVisible();
  await expect(rowOf('Elisa Prado').getByRole('button')).toHaveCount(0);
  await rowOf('Davi Moura').getByRole('button').click();
  await desk.dialog.getByRole('button', { name: t('console.handOver.submit', { count: 1 }) }).click();
  await expect(desk.toasts.getByText(t('console.handOver.toQueue', { count: 1 }))).toBeVisible();
  await expect(rowOf('Davi Moura').getByRole('button')).toHaveCount(0);

  await desk.page.getByLabel(t('console.team.department')).click();
  await desk.page.getByRole('option', { name: 'Financeiro' }).click();
  await expect(rowOf('Davi Moura')).toBeVisible();
  await expect(rowOf('Elisa Prado')).toHaveCount(0);
});

// T-087: nothing moves silently when somebody is switched off.
test('switching somebody off asks what becomes of their conversations', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const saulo = { name: 'Saulo Reis', email: 'saulo@vilaclara.com.br', password: 'pao sovado com erva doce' };
  const { desk } = await hire(world, people, saulo, [service]);
  for (const name of ['Rita Neves', 'Célia Prado']) {
    await writes(world, connection.code, name, ['Oi']);
    await desk.tab('queue').click();
    await desk.openRow(name);
    await desk.act('console.conversation.take').click();
    await expect(desk.reply).toBeFocused();
  }
  const ana = await people.agent(world);
  await ana.go('/settings/people');
  const menu = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: 'Saulo Reis' }) });
  await ana.choose(menu, t('console.people.deactivate'));
  await expect(ana.dialog).toContainText(t('console.people.deactivateText', { count: 2 }));
  await ana.dialog.getByRole('button', { name: t('console.people.deactivate') }).click();
  await expect(ana.dialog).toHaveCount(0);
  await expect(ana.toasts.getByText(t('console.handOver.toQueue', { count: 2 }))).toBeVisible();
  await expect(ana.page.getByRole('listitem').filter({ hasText: 'Saulo Reis' })).toContainText(
    t('console.people.inactive'),
  );
  await ana.go('/conversations');
  await ana.tab('queue').click();
  await expect(ana.row('Rita Neves')).toBeVisible();
  await expect(ana.row('Célia Prado')).toBeVisible();
});

// T-139, X-005
test('somebody steps away for a pause of the company’s, and the team sees for what', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const other = { name: 'Gil Torres', email: 'gil@vilaclara.com.br', password: 'pão de queijo quentinho' };
  const gil = await hire(world, people, other, [service]);
  const ana = await people.agent(world);
  await ana.go('/settings/chat');
  const { page } = ana;
  const pauses = page.locator('section', { has: page.getByRole('heading', { name: t('console.pauses.title') }) });
  await expect(pauses.getByRole('group')).toHaveCount(2);
  await pauses.getByRole('button', { name: t('console.pauses.add') }).click();
  await pauses.getByLabel(t('console.pauses.name', { number: 3 })).fill('almoço');
  await ana.button('console.action.save').click();
  await expect(pauses.getByRole('alert')).toBeVisible();
  await pauses.getByLabel(t('console.pauses.name', { number: 3 })).fill('Reunião');
  await pauses.getByLabel(t('console.pauses.minutes', { number: 3 })).fill('30');
  await pauses.scrollIntoViewIfNeeded();
  await show({ page, name: '127-pauses', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.save();

  await gil.desk.page.getByRole('button', { name: /^Gil Torres/ }).click();
  await gil.desk.page
    .getByRole('menuitemradio', { name: 'Reunião' })
    .or(gil.desk.page.getByRole('menuitemcheckbox', { name: 'Reunião' }))
    .click();
  await expect(gil.desk.page.getByRole('button', { name: /^Gil Torres/ })).toHaveAccessibleName(/Reunião/);
  await ana.go('/team');
  const row = page.getByRole('listitem').filter({ hasText: 'Gil Torres' });
  await expect(row).toContainText('Reunião');
  await show({ page, name: '128-team-pause', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await say(gil.desk, 'online');
  await expect(row).toContainText(t('console.status.online'));
  await expect(row).not.toContainText('Reunião');
});
