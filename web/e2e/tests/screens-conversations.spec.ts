// The conversations in every state and both themes: no axe violation, and pictures for looking at.
import { expect, like, t, test, useWorld, type People } from '../support/test';
import type { Desk } from '../support/desk';
import { show } from '../support/pictures';

test.describe.configure({ timeout: 240_000 });

const world = useWorld();

/** Somebody writes through the slow door, so that a full list costs no browsers. */
async function writes(code: string, name: string, texts: string[]): Promise<void> {
  const { origin } = world.program;
  const headers = { 'content-type': 'application/json', origin };
  const post = (path: string, body: object, more: object = {}) =>
    fetch(origin + path, { method: 'POST', headers: { ...headers, ...more }, body: JSON.stringify(body) });
  const answer = await post(`/widgets/${code}/ticket`, { key: null, language: 'pt-BR' });
  const { ticket } = (await answer.json()) as { ticket: string };
  for (const text of texts) {
    const sent = await post(
      '/api/visitor/messages',
      { id: crypto.randomUUID(), text, form: { name }, page: { url: 'https://vilaclara.com.br/paes', title: 'Pães' } },
      { authorization: `Bearer ${ticket}` },
    );
    expect(sent.ok, await sent.text()).toBe(true);
  }
}

/** A conversation worth a picture, and people in the queue. */
async function fill(people: People): Promise<Desk> {
  const connection = await world.owner.addWebchat({ settings: { colour: '#2459a8' } });
  await writes(connection.code, 'Marina Ribeiro', [
    'Oi, bom dia! Fiz uma encomenda de 40 pães de queijo para amanhã às 7h, mas não recebi a confirmação.',
    'Vi o cardápio em https://vilaclara.com.br/encomendas/festas/paes-de-queijo-e-salgados-assados?data=2026-11-21',
    'ou será que caiu no spam? 😅',
  ]);
  const [marina] = await world.owner.conversations('queue');
  if (!marina) throw new Error('nobody is in the queue');
  const say = (kind: 'reply' | 'note', text: string) =>
    world.owner.call('POST', `/conversations/${marina.id}/messages`, { client_id: crypto.randomUUID(), kind, text });
  await say(
    'reply',
    'Bom dia, Marina. Vou conferir aqui: a encomenda entrou às 18h20 de ontem e está na fornada das 6h.',
  );
  await say('note', 'Cliente pede nota fiscal no nome da empresa. Confirmar o CNPJ com o Bruno antes de emitir.');
  await say('reply', 'Está tudo certo.\nPode retirar a partir das 6h40 na loja da Rua das Acácias, 120.');
  await writes(connection.code, 'João Pedro do Nascimento Albuquerque Cavalcanti', [
    'Boa tarde, vocês fazem bolo sem lactose?',
  ]);
  await writes(connection.code, 'Célia', ['a'.repeat(90)]);
  await writes(connection.code, 'Condomínio Águas Claras', [
    'Precisamos de um orçamento de café da manhã para 120 pessoas.',
  ]);
  const ana = await people.agent(world);
  await ana.go();
  await expect(ana.row('Célia')).toBeVisible();
  return ana;
}

test('conversations: empty, queue, open, note, closed, palette, help, search', async ({ people }) => {
  const early = await people.agent(world);
  await early.go();
  await expect(early.page.getByText(t('console.list.emptyQueue'))).toBeVisible();
  await show({ page: early.page, name: '40-conversations-empty' });
  await early.page.context().close();

  const ana = await fill(people);
  const { page } = ana;
  await show({ page, name: '41-conversations-queue' });
  await ana.tab('open').click();
  await ana.openRow('Marina Ribeiro');
  await expect(ana.bubbles).toHaveCount(5);
  await page.mouse.move(700, 5);
  await show({ page, name: '42-conversation-open' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.timeline.focus();
  await page.keyboard.press('n');
  await page.keyboard.type('Só a equipe vê isto');
  await show({ page, name: '43-conversation-note' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.note.fill('');
  await ana.act('console.composer.emoji').click();
  await expect(page.getByRole('searchbox', { name: t('console.emoji.search') })).toBeVisible();
  await show({ page, name: '44-emoji', sizes: [1440, 380] });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.conversation.getByRole('button', { name: t('console.conversation.more') }).click();
  await show({ page, name: '45-conversation-menu', sizes: [1440, 380] });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Control+k');
  await expect(ana.dialog).toBeVisible();
  await show({ page, name: '46-palette' });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.timeline.focus();
  await page.keyboard.press('?');
  await expect(ana.dialog).toBeVisible();
  await show({ page, name: '47-help' });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('searchbox').fill('ninguém com este nome');
  await expect(page.getByText(like('console.list.nothingFound'))).toBeVisible();
  await show({ page, name: '48-list-nothing-found', sizes: [1440, 1024] });
  await page.getByRole('searchbox').fill('');
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.tab('queue').click();
  await ana.row('João Pedro').click();
  await expect(ana.act('console.conversation.take')).toBeVisible();
  await show({ page, name: '49-conversation-queued' });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.act('console.conversation.take').click();
  await ana.act('console.conversation.close').click();
  await expect(ana.toasts.getByText(t('console.conversation.closed'))).toBeVisible();
  await ana.toasts.getByText(t('console.conversation.closed')).hover();
  await show({ page, name: '50-conversation-closed' });
});

test('conversations without a server: the bar and what waits', async ({ people }) => {
  const ana = await fill(people);
  await ana.tab('open').click();
  await ana.row('Marina Ribeiro').first().click();
  await expect(ana.bubbles).toHaveCount(5);
  await world.program.kill();
  try {
    await ana.write('Isto sai quando a conexão voltar.');
    await expect(ana.timeline.getByText(t('console.delivery.waiting'))).toBeVisible();
    await expect(ana.page.getByText(t('console.live.lost'))).toBeVisible();
    await show({ page: ana.page, name: '51-conversation-lost' });
  } finally {
    await world.program.launch();
  }
});
