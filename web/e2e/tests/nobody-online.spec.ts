// Nobody at the counter: the chat says so, keeps what is left, and changes by itself when somebody comes.
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

// T-130, T-131, T-136
test('with nobody online the chat says so and keeps a message; when an agent comes it changes by itself', async ({
  people,
}) => {
  await world.owner.say('offline');
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await expect(visitor.panel.getByText(t('widget.home.offline'))).toBeVisible();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(visitor.panel.getByText(t('widget.chat.away_note'))).toBeVisible();
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Célia Prado');
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Liguem quando abrirem');
  await visitor.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await visitor.expectTexts(['Liguem quando abrirem']);
  await visitor.expectMark('sent');
  await expect(visitor.panel.getByText(t('widget.chat.away_note'))).toBeVisible();

  const other = await people.visitor(shopPage(world, connection, { path: '/outro' }));
  await other.openPanel();
  await expect(other.panel.getByText(t('widget.home.offline'))).toBeVisible();
  const ana = await people.agent(world);
  await ana.go();
  await expect(ana.row('Célia Prado')).toContainText('Liguem quando abrirem');
  await world.owner.say('offline');
  const own = ana.page.getByRole('button', { name: /^Ana Souza/ });
  await ana.choose(own, t('console.status.online'));
  await expect(other.panel.getByText(t('widget.home.online'))).toBeVisible();
  await expect(visitor.panel.getByText(t('widget.chat.away_note'))).toBeHidden();
  await expect(visitor.panel.getByText(t('widget.chat.position', { position: 1 }))).toBeVisible();

  await ana.choose(own, t('console.status.offline'));
  await expect(other.panel.getByText(t('widget.home.offline'))).toBeVisible();
});

// T-138
test('a running conversation goes on when its agent goes offline, and says so while it lasts', async ({ people }) => {
  await world.owner.say('online');
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Estou no meio de um pedido', 'Igor Nunes');
  await ana.openRow('Igor Nunes');
  await ana.act('console.conversation.take').click();
  const own = ana.page.getByRole('button', { name: /^Ana Souza/ });
  const head = visitor.panel.locator('header');
  const away = visitor.panel.getByText(t('widget.chat.agent_away', { name: 'Ana Souza' }));
  await expect(head).toContainText('online');
  await expect(away).toBeHidden();
  await ana.choose(own, t('console.status.offline'));
  await expect(away).toContainText(t('widget.chat.kept'));
  await expect(head).not.toContainText('online');
  await visitor.write('Continua aí?');
  await expect(ana.bubbles.last()).toHaveText('Continua aí?');
  await ana.write('Continuo.');
  await expect(visitor.bubbles.last()).toHaveText('Continuo.');
  await ana.choose(own, t('console.status.online'));
  await expect(away).toBeHidden();
  await expect(head).toContainText('online');
});

// T-045, T-132
test('where the visitor chooses the department, those without anybody online say so', async ({ people }) => {
  await world.owner.say('online');
  await world.owner.call('POST', '/departments', { name: 'Encomendas' });
  const connection = await world.owner.addWebchat({ department_id: null });
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  const choice = visitor.panel.getByLabel(t('widget.form.department'));
  await expect(choice.locator('option')).toHaveText([
    t('widget.form.department_choose'),
    'Atendimento',
    t('widget.form.department_offline', { name: 'Encomendas' }),
  ]);
  // T-136
  const own = ana.page.getByRole('button', { name: /^Ana Souza/ });
  const first = choice.locator('option').nth(1);
  await ana.choose(own, t('console.status.offline'));
  await expect(first).toHaveText(t('widget.form.department_offline', { name: 'Atendimento' }));
  await ana.choose(own, t('console.status.online'));
  await expect(first).toHaveText('Atendimento');
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Joana Prado');
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Um bolo para sábado');
  await visitor.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(visitor.panel.getByText(t('widget.form.department_required'))).toBeVisible();
  await choice.selectOption({ index: 2 });
  await visitor.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(ana.row('Joana Prado')).toContainText('Um bolo para sábado');
});

// T-045
test('a conversation waits in the department that the visitor chose', async ({ people }) => {
  await world.owner.call('POST', '/departments', { name: 'Confeitaria' });
  const connection = await world.owner.addWebchat({ department_id: null });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Rui Castro');
  await visitor.panel
    .getByLabel(t('widget.form.department'))
    .selectOption(t('widget.form.department_offline', { name: 'Confeitaria' }));
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Cem brigadeiros');
  await visitor.panel.getByRole('button', { name: t('widget.form.send') }).click();
  const ana = await people.agent(world);
  await ana.go();
  await expect(ana.row('Rui Castro')).toContainText('Confeitaria', { timeout: 3_000 });
});
