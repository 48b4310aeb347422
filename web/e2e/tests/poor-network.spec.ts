// At the edge of a cell: two seconds for every question, losses, and connections that break. Nothing is lost or doubled, and marks tell the truth.
import type { Connection } from '@balcao/api';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { SlowNetwork } from '../support/slow';

const world = useWorld();
// Round trips of seconds add up; what is waited for are states all the same.
test.setTimeout(150_000);
const PATIENCE = { timeout: 60_000 };

let network: SlowNetwork;
let connection: Connection;
test.beforeAll(async () => {
  network = await SlowNetwork.start();
  connection = await world.owner.addWebchat();
});
test.afterAll(() => network.stop());

const slowly = () => ({ proxy: { server: network.address } });

// D-025, X-019
test('a visitor on a slow, lossy network writes and reads, and each message is there once', async ({ people }) => {
  const agent = await people.agent(world);
  await agent.go();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/lenta' }), slowly());
  await expect(visitor.launcher).toBeVisible(PATIENCE);
  await visitor.launcher.click();
  // The room stands at once, long before its page has come.
  await expect(visitor.page.locator('.panel')).toBeVisible();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click(PATIENCE);
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Rosa do Sítio');
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Um: alguém aí?');
  await visitor.panel.getByRole('button', { name: t('widget.form.send') }).click();
  // It stands there at once, and says that it is on its way until it has arrived.
  await visitor.expectTexts(['Um: alguém aí?']);
  await expect(visitor.mark).toHaveText(
    new RegExp(`^(${t('widget.message.sending')}|${t('widget.message.waiting')})$`),
  );
  await expect(agent.row('Rosa do Sítio')).toBeVisible(PATIENCE);
  await agent.openRow('Rosa do Sítio');
  await agent.act('console.conversation.take').click();
  await agent.write('Estou aqui.');
  await visitor.write('Dois');
  await visitor.write('Três');
  await expect(visitor.bubbles).toHaveText(['Um: alguém aí?', 'Estou aqui.', 'Dois', 'Três'].sort(byArrival), PATIENCE);
  network.breakAll();
  await visitor.write('Quatro');
  await agent.write('Ainda estou aqui.');
  const said = (texts: string[]) => [...texts].sort();
  await expect
    .poll(async () => said(await visitor.bubbles.allInnerTexts()), PATIENCE)
    .toEqual(said(['Um: alguém aí?', 'Estou aqui.', 'Dois', 'Três', 'Quatro', 'Ainda estou aqui.']));
  await expect
    .poll(async () => said(await agent.bubbles.allInnerTexts()), PATIENCE)
    .toEqual(said(['Um: alguém aí?', 'Estou aqui.', 'Dois', 'Três', 'Quatro', 'Ainda estou aqui.']));
  // The visitor's own stay in the order in which they were written.
  const own = (await agent.bubbles.allInnerTexts()).filter((text) => /^(Um|Dois|Três|Quatro)/.test(text));
  expect(own).toEqual(['Um: alguém aí?', 'Dois', 'Três', 'Quatro']);
  await expect(visitor.mark.last()).toHaveText(
    new RegExp(`^(${t('widget.message.delivered')}|${t('widget.message.read')})$`),
    PATIENCE,
  );
});

/** An answer may overtake what is still on its way. */
const byArrival = () => 0;

// X-019, P-029
test('an agent on a slow, lossy network takes, answers and closes, and sees what is not sent yet', async ({
  people,
}) => {
  const visitor = await people.visitor(shopPage(world, connection, { path: '/boa' }));
  await visitor.start('Preciso de ajuda', 'Tomé Araújo');
  const agent = await people.agent(world, undefined, slowly());
  await agent.page.goto('/conversations', { timeout: 90_000 });
  await expect(agent.row('Tomé Araújo')).toBeVisible(PATIENCE);
  await agent.row('Tomé Araújo').click();
  await expect(agent.bubbles).toHaveText(['Preciso de ajuda'], PATIENCE);
  await agent.reply.fill('Claro, diga.');
  await agent.reply.press('Enter');
  // Shown at once with the mark of what is on its way.
  await agent.expectTexts(['Preciso de ajuda', 'Claro, diga.']);
  await expect(agent.tick('sending')).toBeVisible();
  await visitor.expectTexts(['Preciso de ajuda', 'Claro, diga.']);
  network.breakAll();
  await agent.reply.fill('Perdeu a conexão?');
  await agent.reply.press('Enter');
  await visitor.write('Não, estou aqui');
  await expect(visitor.bubbles.filter({ hasText: 'Perdeu a conexão?' })).toHaveCount(1, PATIENCE);
  await expect(agent.bubbles.filter({ hasText: 'Não, estou aqui' })).toHaveCount(1, PATIENCE);
  await expect(agent.bubbles).toHaveCount(4, PATIENCE);
  await expect(agent.tick('sending')).toHaveCount(0, PATIENCE);
  await agent.act('console.conversation.close').click();
  await expect(visitor.panel.getByText(/encerr/i).first()).toBeVisible(PATIENCE);
});
