// Nothing is lost and nothing doubled: reloads, lost networks, a server that dies, several tabs.
import { expect, shopPage, t, talking, test, useWorld } from '../support/test';
import { Desk } from '../support/desk';
import { writes } from '../support/team';
import { Visitor } from '../support/visitor';

const world = useWorld();

// D-024, D-025, D-028
test('a visitor who reloads, or closes the tab and comes back, finds the conversation', async ({ people }) => {
  const { visitor, agent, connection } = await talking(world, people, 'Marina Ribeiro');
  await agent.write('Bom dia, Marina.');
  await visitor.expectTexts(['Bom dia', 'Bom dia, Marina.']);
  await visitor.page.reload();
  await visitor.expectTexts(['Bom dia', 'Bom dia, Marina.']);

  const context = visitor.page.context();
  await visitor.page.close();
  await agent.write('Ainda está aí?');
  const page = await context.newPage();
  await page.goto(shopPage(world, connection, { path: '/pedidos' }));
  const back = new Visitor(page);
  await back.openPanel();
  await back.expectTexts(['Bom dia', 'Bom dia, Marina.', 'Ainda está aí?']);
  await back.write('Voltei.');
  await agent.expectTexts(['Bom dia', 'Bom dia, Marina.', 'Ainda está aí?', 'Voltei.']);
});

// D-025
test('what a visitor is writing outlives a reload, in the form and at its full height in the conversation', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ department_id: null, settings: { ask_email: true } });
  await world.owner.call('POST', '/departments', { name: 'Encomendas' });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/rascunho' }));
  const { page, panel } = visitor;
  const start = panel.getByRole('button', { name: t('widget.home.start') });
  const written = {
    [t('widget.form.name')]: 'Marina Ribeiro',
    [t('widget.form.email')]: 'marina@exemplo.com.br',
    [t('widget.form.message')]: 'Um bolo para sábado',
  };
  const department = panel.getByLabel(t('widget.form.department'));
  await visitor.openPanel();
  await start.click();
  for (const [label, text] of Object.entries(written)) await panel.getByLabel(label).fill(text);
  await department.selectOption('Atendimento');
  const chosen = await department.inputValue();
  await page.reload();
  await start.click();
  for (const [label, text] of Object.entries(written)) await expect(panel.getByLabel(label)).toHaveValue(text);
  await expect(department).toHaveValue(chosen);
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await visitor.expectTexts(['Um bolo para sábado']);
  await expect(visitor.field).toHaveValue('');

  const lines = ['Com recheio', 'de doce de leite', 'e morango', 'para vinte pessoas'].join('\n');
  await visitor.field.fill(lines);
  const { height } = (await visitor.field.boundingBox()) ?? { height: 0 };
  expect(height).toBeGreaterThan(4 * 24);
  await page.reload();
  await expect(visitor.field).toHaveValue(lines);
  expect((await visitor.field.boundingBox())?.height).toBe(height);
  await panel
    .locator('.composer')
    .getByRole('button', { name: t('widget.form.send') })
    .click();
  await visitor.expectTexts(['Um bolo para sábado', lines]);
  await page.reload();
  await visitor.expectTexts(['Um bolo para sábado', lines]);
  await expect(visitor.field).toHaveValue('');
  expect((await visitor.field.boundingBox())?.height).toBe(36);
});

// D-027
test('an e-mail that the server refuses brings the same form back, with everything in it', async ({ people }) => {
  const connection = await world.owner.addWebchat({ department_id: null, settings: { ask_email: true } });
  await world.owner.call('POST', '/departments', { name: 'Financeiro' });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/recusado' }));
  const { panel } = visitor;
  const fields = panel.locator('.asks').getByRole('textbox').or(panel.getByRole('combobox'));
  const send = panel.getByRole('button', { name: t('widget.form.send') });
  const email = panel.getByLabel(t('widget.form.email'));
  await visitor.openPanel();
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await email.fill(`${'a'.repeat(65)}@exemplo.com.br`);
  await panel.getByLabel(t('widget.form.department')).selectOption({ index: 2 });
  await panel.getByLabel(t('widget.form.message')).fill('A segunda via, por favor');
  const values = () => fields.evaluateAll((all) => all.map((one) => (one as HTMLInputElement).value));
  const written = await values();
  expect(written).toHaveLength(4);
  await send.click();
  await expect(email).toHaveAttribute('aria-invalid', 'true');
  await expect(email).toBeFocused();
  await expect(panel.locator('.error:visible')).toHaveCount(1);
  await expect(panel.locator('.error:visible')).not.toHaveText(t('widget.form.email_invalid'));
  expect(await values()).toEqual(written);
  await email.fill('marina@exemplo.com.br');
  await expect(panel.locator('.error:visible')).toHaveCount(0);
  await send.click();
  await visitor.expectTexts(['A segunda via, por favor']);
  await visitor.expectMark('sent');
});

// D-026
test('where nothing may be captured a reload goes on, and the next visit starts anew', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { capture_visitor_data: false } });
  const address = shopPage(world, connection, { path: '/sem-captura' });
  const visitor = await people.visitor(address);
  await visitor.start('Não me guarde');
  await visitor.expectMark('sent');
  await visitor.page.reload();
  await visitor.expectTexts(['Não me guarde']);
  const context = visitor.page.context();
  await visitor.page.close();
  expect((await context.storageState()).origins).toEqual([]);
  const page = await context.newPage();
  await page.goto(address);
  const again = new Visitor(page);
  await again.openPanel();
  await expect(again.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await expect(again.panel.locator('.card.own')).toBeHidden();
});

//
test('what a visitor writes without a network waits, and arrives once and in order', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Otávio Lins');
  const context = visitor.page.context();
  await context.setOffline(true);
  const texts = ['primeira sem rede', 'segunda sem rede', 'terceira sem rede'];
  for (const text of texts) await visitor.write(text);
  await expect(agent.bubbles).toHaveText(['Bom dia']);

  await context.setOffline(false);
  await visitor.expectMark('read');
  await visitor.expectTexts(['Bom dia', ...texts]);
  await agent.expectTexts(['Bom dia', ...texts]);
  await visitor.page.reload();
  await visitor.expectTexts(['Bom dia', ...texts]);
});

//
test('what an agent writes without a network waits, outlives a reload, and arrives once and in order', async ({
  people,
}) => {
  const { visitor, agent } = await talking(world, people, 'Renata Dias');
  const context = agent.page.context();
  await context.setOffline(true);
  const texts = ['uma sem rede', 'duas sem rede', 'três sem rede'];
  for (const text of texts) await agent.write(text);
  await expect(agent.timeline.getByText(t('console.delivery.waiting'))).toHaveCount(3);
  await expect(visitor.bubbles).toHaveText(['Bom dia']);

  await context.setOffline(false);
  await visitor.expectTexts(['Bom dia', ...texts]);
  await agent.expectTexts(['Bom dia', ...texts]);
  await expect(agent.page.getByText(t('console.live.lost'))).toBeHidden();
  await expect(agent.timeline.getByText(t('console.delivery.waiting'))).toHaveCount(0);
  await agent.page.reload();
  await agent.expectTexts(['Bom dia', ...texts]);
});

//
test("a visitor's message is marked read at once where the agent is looking", async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Célia Prado');
  await agent.write('Sim?');
  await visitor.expectTexts(['Bom dia', 'Sim?']);
  await visitor.write('Obrigada.');
  await expect(visitor.mark).toHaveText(t('widget.message.read'), { timeout: 3_000 });
});

//
test('a visitor whose network is gone is told within seconds', async ({ people }) => {
  const { visitor } = await talking(world, people, 'Igor Nunes');
  await visitor.page.context().setOffline(true);
  await visitor.write('vocês me ouvem?');
  await expect(visitor.mark).toHaveText(t('widget.message.waiting'), { timeout: 4_000 });
});

//
test('an agent whose network is gone is told within seconds', async ({ people }) => {
  const { agent } = await talking(world, people, 'Joana Prado');
  await agent.page.context().setOffline(true);
  await expect(agent.page.getByText(t('console.live.lost'))).toBeVisible({ timeout: 4_000 });
});

//
test('the server is killed while both write, comes back, and both go on without a reload', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Tomás Brito');
  const numbered = (who: string) => Array.from({ length: 8 }, (_, index) => `${who} ${index + 1}`);
  const [said, answered] = [numbered('visitante'), numbered('atendente')];
  const writeAll = async (side: Desk | Visitor, texts: string[]) => {
    for (const text of texts) await side.write(text);
  };
  const writing = [writeAll(visitor, said), writeAll(agent, answered)];
  await expect(agent.bubbles.filter({ hasText: 'visitante 2' })).toBeVisible();
  await world.program.kill();
  await Promise.all(writing);
  await visitor.expectMark('waiting');
  await expect(visitor.panel.getByText(t('widget.line.lost'))).toBeVisible();
  await expect(agent.timeline.getByText(t('console.delivery.waiting'))).not.toHaveCount(0);
  await expect(agent.page.getByText(t('console.live.lost'))).toBeVisible();
  await world.program.launch();

  const soon = { timeout: 20_000 };
  await expect(visitor.bubbles).toHaveCount(17, soon);
  await expect(agent.bubbles).toHaveCount(17, soon);
  await expect(agent.timeline.getByText(t('console.delivery.waiting'))).toHaveCount(0, soon);
  await expect(agent.page.getByText(t('console.live.lost'))).toBeHidden(soon);
  await expect(visitor.panel.getByText(t('widget.line.lost'))).toBeHidden(soon);
  await visitor.write('e agora?');
  await expect(agent.bubbles.last()).toHaveText('e agora?', soon);
  await agent.write('agora sim');
  await expect(visitor.bubbles.last()).toHaveText('agora sim', soon);

  const seen = await visitor.bubbles.allTextContents();
  expect(seen.filter((text) => text.startsWith('visitante'))).toEqual(said);
  expect(seen.filter((text) => text.startsWith('atendente'))).toEqual(answered);
  expect((await agent.bubbles.allTextContents()).map((text) => text.trim())).toEqual(seen);
  await visitor.page.reload();
  await visitor.expectTexts(seen);
});

//
test('two tabs of one visitor show the same, and what one writes stands in the other once', async ({ people }) => {
  const { visitor, agent, connection } = await talking(world, people, 'Lívia Moraes');
  const page = await visitor.page.context().newPage();
  await page.goto(shopPage(world, connection, { path: '/segunda' }));
  const second = new Visitor(page);
  await second.openPanel();
  await second.expectTexts(['Bom dia']);
  await second.write('da segunda aba');
  await visitor.write('da primeira aba');
  await agent.write('vejo as duas');
  for (const tab of [visitor, second]) {
    await expect(tab.bubbles).toHaveCount(4);
    await expect(tab.bubbles.filter({ hasText: 'da segunda aba' })).toHaveCount(1);
    await expect(tab.bubbles.filter({ hasText: 'da primeira aba' })).toHaveCount(1);
    await expect(tab.bubbles.filter({ hasText: 'vejo as duas' })).toHaveCount(1);
  }
  expect(await world.owner.conversations('open')).toHaveLength(
    new Set((await world.owner.conversations('open')).map((row) => row.contact.id)).size,
  );
});

// P-027
test('two tabs of one agent show the same, and a second agent who takes too is told who was first', async ({
  people,
}) => {
  const bruno = { name: 'Bruno Lima', email: 'bruno@vilaclara.com.br', password: 'farinha fermento e sal' };
  await world.owner.addAgent(world.program.origin, bruno);
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quem me atende?', 'Heitor Sales');
  const agent = await people.agent(world);
  await agent.go();
  const late = await people.agent(world, bruno);
  await late.go();
  await agent.openRow('Heitor Sales');
  await late.openRow('Heitor Sales');
  await late.page.route('**/take', async (route) => {
    await agent.act('console.conversation.take').click();
    await expect(agent.act('console.conversation.close')).toBeVisible();
    await route.continue();
  });
  await late.act('console.conversation.take').click();
  await expect(late.toasts.getByText(t('console.conversation.alreadyTaken', { name: 'Ana Souza' }))).toBeVisible();
  await expect(late.act('console.conversation.take')).toBeHidden();

  const tab = new Desk(await agent.page.context().newPage());
  await tab.go(new URL(agent.page.url()).pathname);
  await tab.write('da outra aba');
  await agent.write('desta aba');
  for (const side of [agent, tab]) {
    await expect(side.bubbles).toHaveCount(3);
    await expect(side.bubbles.filter({ hasText: 'da outra aba' })).toHaveCount(1);
  }
  await expect(visitor.bubbles).toHaveCount(3);
});

// P-027
test('of two who take at once, the first goes on to write, the second at the next row of the queue', async ({
  people,
}) => {
  const carla = { name: 'Carla Reis', email: 'carla@vilaclara.com.br', password: 'manteiga gelada em cubos' };
  await world.owner.addAgent(world.program.origin, carla);
  const connection = await world.owner.addWebchat();
  const [wanted, next, last] = ['Nina Prado', 'Otto Reis', 'Pilar Sá'] as const;
  for (const name of [wanted, next, last]) await writes(world, connection.code, name, ['Alguém aí?']);
  const first = await people.agent(world);
  const second = await people.agent(world, carla);
  for (const desk of [first, second]) {
    await desk.go();
    await desk.tab('queue').click();
    await desk.openRow(wanted);
    await desk.row(wanted).focus();
  }
  await second.page.route('**/take', async (route) => {
    await first.page.keyboard.press('t');
    await expect(first.reply).toBeFocused();
    await route.continue();
  });
  await second.page.keyboard.press('t');
  await expect(second.toasts.getByText(t('console.conversation.alreadyTaken', { name: 'Ana Souza' }))).toBeVisible();
  await expect(second.row(next)).toBeFocused();
  await expect(second.tab('queue')).toHaveAttribute('aria-selected', 'true');
  await expect(second.row(wanted)).toHaveCount(0);
  await expect(first.tab('open')).toHaveAttribute('aria-selected', 'true');
  await first.page.keyboard.type('Estou aqui, Nina.');
  await expect(first.reply).toHaveValue('Estou aqui, Nina.');
  await second.page.keyboard.press('j');
  await expect(second.row(last)).toBeFocused();
});

test('a part that the network kept away says so, keeps what was written, and comes with the next click', async ({
  people,
}) => {
  const { agent } = await talking(world, people, 'Iara Nobre');
  await agent.reply.fill('Ainda escrevo');
  await agent.page.route('**/assets/EmojiPicker-*.js', (route) => route.abort('internetdisconnected'));
  await agent.act('console.composer.emoji').click();
  await expect(agent.toasts.getByText(t('console.state.partFailed'))).toBeVisible();
  await expect(agent.act('console.composer.emoji')).toHaveAttribute('aria-pressed', 'false');
  await agent.page.unroute('**/assets/EmojiPicker-*.js');
  await agent.act('console.composer.emoji').click();
  await expect(agent.page.getByRole('searchbox', { name: t('console.emoji.search') })).toBeVisible();
  await expect(agent.reply).toHaveValue('Ainda escrevo');
});
