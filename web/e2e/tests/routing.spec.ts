// Distribution: set for the company and for a department, seen by everybody concerned, with its limit.
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { BRUNO, CARLA, hire, say, writes } from '../support/team';

const world = useWorld();

// T-089, X-005, X-022
test('a new conversation goes to who is online, by turns, up to the limit; the next one waits and sees its place', async ({
  people,
}) => {
  const service = await world.owner.defaultDepartment();
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go('/settings/chat');
  await ana.page.getByLabel(t('console.distribution.label')).click();
  await ana.page.getByRole('option', { name: new RegExp(`^${t('console.distribution.roundRobin')}`) }).click();
  const limit = ana.page.getByLabel(t('console.distribution.limit'));
  await limit.fill('0');
  await limit.blur();
  const fault = t('console.distribution.limitFault', { least: 1, most: 100 });
  await expect(ana.page.getByText(fault)).toBeVisible();
  await limit.fill('1');
  await expect(ana.page.getByText(fault)).toHaveCount(0);
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();

  // The department follows the company, and says so.
  await ana.go('/settings/departments');
  const way = t('console.distribution.roundRobin');
  await expect(
    ana.page.getByText(
      t('console.distribution.shown', {
        way: t('console.distribution.fromCompany', { way }),
      }),
    ),
  ).toBeVisible();

  await say(ana, 'offline'); // She serves there too.
  const bruno = await hire(world, people, BRUNO, [service]);
  const carla = await hire(world, people, CARLA, [service]);
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Bom dia', 'Marina Ribeiro');
  const told = t('console.notice.assigned', { name: 'Marina Ribeiro' });
  const [first, second] = (await Promise.race([
    bruno.desk.toasts
      .getByText(told)
      .waitFor()
      .then(() => [bruno, carla]),
    carla.desk.toasts
      .getByText(told)
      .waitFor()
      .then(() => [carla, bruno]),
  ])) as [typeof bruno, typeof carla];
  await expect(marina.panel.getByText(t('widget.event.assigned', { name: first.agent.name }))).toBeVisible();
  await first.desk.toasts.getByRole('button', { name: t('console.notice.open') }).click();
  await expect(first.desk.timeline.getByText(t('console.event.assigned', { name: first.agent.name }))).toBeVisible();

  await writes(world, connection.code, 'Igor Nunes', ['Oi']);
  await expect(second.desk.toasts.getByText(t('console.notice.assigned', { name: 'Igor Nunes' }))).toBeVisible();

  // Both are full: the third waits in the queue and is told its place.
  const nara = await people.visitor(shopPage(world, connection, { path: '/outro' }));
  await nara.start('E eu?', 'Nara Pires');
  await expect(nara.panel.getByText(t('widget.chat.position', { position: 1 }))).toBeVisible();
  await ana.go('/team');
  const rowOf = (name: string) => ana.page.getByRole('listitem').filter({ hasText: name });
  await expect(rowOf('Bruno Lima')).toContainText(t('console.team.load', { open: 1, limit: 1 }));

  // Somebody has room again, and gets the next one at once.
  await first.desk.act('console.conversation.close').click();
  await expect(first.desk.toasts.getByText(t('console.notice.assigned', { name: 'Nara Pires' }))).toBeVisible();
  await expect(nara.panel.getByRole('heading', { name: first.agent.name })).toBeVisible();

  // What one takes back oneself is not bound by the limit, and is told.
  await first.desk.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(
    first.desk.toasts.getByText(t('console.conversation.restoredAbove', { open: 2, limit: 1 })),
  ).toBeVisible();
});

// T-089, X-022
test('a department may have a way of its own, and somebody a limit of their own', async ({ people }) => {
  const elsa = { name: 'Elsa Prado', email: 'elsa@vilaclara.com.br', password: 'broa de milho com erva' };
  await world.owner.call('PATCH', '/workspace', { simultaneous_limit: 10 });
  const { desk } = await hire(world, people, elsa, [await world.owner.defaultDepartment()]);
  const ana = await people.agent(world);
  await ana.go('/settings/departments');
  await ana.choose(
    ana.page.getByRole('button', { name: t('console.action.moreFor', { name: 'Atendimento' }) }),
    t('console.action.edit'),
  );
  await ana.page.getByRole('tab', { name: t('console.department.distribution') }).click();
  await expect(ana.page.getByText(t('console.distribution.departmentHint'))).toBeVisible();
  await ana.page.getByLabel(t('console.distribution.label')).click();
  await ana.page.getByRole('option', { name: new RegExp(`^${t('console.distribution.off')}`) }).click();
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  const inForce = t('console.department.inForce', { value: t('console.distribution.off') });
  await expect(ana.page.getByText(inForce)).toBeVisible();

  await ana.go('/settings/people');
  await ana.choose(
    ana.page.getByRole('button', { name: t('console.action.moreFor', { name: 'Elsa Prado' }) }),
    t('console.action.edit'),
  );
  await ana.dialog.getByLabel(t('console.distribution.limit')).fill('7');
  await ana.button('console.action.save').click();
  await expect(ana.dialog).toHaveCount(0);
  await desk.go('/settings/profile');
  await expect(desk.page.getByText(t('console.profile.limit', { limit: 7 }))).toBeVisible();

  // With distribution off in the department, whoever writes waits until somebody takes it.
  const connection = await world.owner.addWebchat();
  await writes(world, connection.code, 'Otávio Luz', ['Oi']);
  await desk.go('/conversations');
  await desk.tab('queue').click();
  await expect(desk.row('Otávio Luz')).toBeVisible();
});

// T-045, T-132
test('the choice of a department says who is there when the form is opened, not when the page was', async ({
  people,
}) => {
  const finance = await world.owner.addDepartment('Financeiro');
  const davi = { name: 'Davi Moura', email: 'davi@vilaclara.com.br', password: 'forno quente desde as quatro' };
  const { desk } = await hire(world, people, davi, [finance]);
  const connection = await world.owner.addWebchat({ department_id: null });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await say(desk, 'offline');
  const gone = t('widget.form.department_offline', { name: 'Financeiro' });
  // Until every node has noticed: at most two seconds.
  await expect(async () => {
    const answer = await fetch(`${world.program.origin}/widgets/${connection.code}/status`);
    const { departments } = (await answer.json()) as { departments: { id: string; online: boolean }[] };
    expect(departments.find(({ id }) => id === finance.id)?.online).toBe(false);
  }).toPass();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(visitor.panel.getByRole('option', { name: gone })).toHaveCount(1);
});
