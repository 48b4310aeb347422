// A visitor and an agent side by side: from the first message to a late one after closing.
import { expect, shopPage, t, talking, test, useWorld } from '../support/test';

const world = useWorld();

// D-065, D-086, P-001, P-002, P-003, P-008, P-026, P-030, X-019
test('a first message waits in the queue, is taken, and both sides talk', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await expect(ana.page.getByText(t('console.list.emptyQueue'))).toBeVisible();

  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Oi, bom dia! Vocês entregam hoje?');
  await marina.expectMark('sent');
  await expect(marina.panel.getByText(t('widget.chat.position', { position: 1 }))).toBeVisible();

  await expect(ana.tab('queue')).toContainText('1');
  await expect(ana.page).toHaveTitle(/^\(1\) /);
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await expect(ana.reply).toBeFocused();
  await marina.expectMark('read');
  await expect(marina.panel.getByText(t('widget.event.taken', { name: 'Ana Souza' }))).toBeVisible();

  await ana.write('Bom dia, Marina! Entregamos até as 18h.');
  await expect(marina.bubbles.last()).toHaveText('Bom dia, Marina! Entregamos até as 18h.');
  await expect(ana.tick('read')).toBeVisible();
});

test('a text that turns its direction turns nothing beside it', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Rita Neves');
  await visitor.write('foto \u202egpj.exe');
  const shown = agent.page.getByText(/gpj\.exe/);
  // In the list and in the conversation.
  await expect.poll(() => shown.count()).toBeGreaterThan(1);
  const ways = await shown.evaluateAll((all) => all.map((one) => getComputedStyle(one).unicodeBidi));
  expect(ways.filter((way) => way !== 'isolate')).toEqual([]);
});

// P-009, X-019
test('the title forgets a message that was read, even when the answer to taking is late', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Quanto custa o pão de queijo?', 'Célia Prado');
  const ana = await people.agent(world);
  const marked = new Promise<void>((done) => {
    ana.page.on('websocket', (socket) =>
      socket.on('framereceived', ({ payload }) => {
        // The last of them: nothing after it puts the count right by chance.
        if (
          /"t":"marks".*"visitor":\{"delivered":2,"read":2\},"agent":\{"delivered":2,"read":2\}/.test(String(payload))
        )
          done();
      }),
    );
  });
  await ana.page.route('**/api/conversations/*/take', async (route) => {
    const answer = await route.fetch();
    await marked;
    await route.fulfill({ response: answer });
  });
  await ana.go();
  await ana.openRow('Célia Prado');
  await expect(ana.page).toHaveTitle(/^\(1\) /);
  const answered = ana.page.waitForResponse('**/take');
  await ana.act('console.conversation.take').click();
  await (await answered).finished();
  await expect(ana.reply).toBeFocused(); // Only after the answer was taken in.
  await expect(ana.page).toHaveTitle(/^Célia/);
});

// P-001
test('the list follows the conversation that is opened by its address or from the palette', async ({ people }) => {
  const { agent } = await talking(world, people, 'Nara Pires');
  const address = agent.page.url();
  await agent.go();
  await agent.tab('closed').click();
  await agent.go(new URL(address).pathname);
  await expect(agent.tab('open')).toHaveAttribute('aria-selected', 'true');
  await expect(agent.row('Nara Pires')).toHaveAttribute('aria-current', 'true');

  await agent.tab('queue').click();
  await agent.act('console.conversation.close').click();
  await expect(agent.act('console.conversation.reopen')).toBeVisible();
  await expect(agent.tab('queue')).toHaveAttribute('aria-selected', 'true');
  await agent.go('/settings/profile');
  await agent.seek('nara');
  await agent.page.getByRole('option').filter({ hasText: 'Nara Pires' }).first().click();
  await expect(agent.tab('closed')).toHaveAttribute('aria-selected', 'true');
});

//
test('both sides see the same protocol number', async ({ people }) => {
  const { visitor } = await talking(world, people, 'Saulo Reis');
  const [row] = (await world.owner.conversations('open')).filter(({ contact }) => contact.name === 'Saulo Reis');
  const protocol = row?.protocol ?? '';
  expect(protocol).toMatch(/^\d{8}-\d+$/);
  await expect(visitor.panel.getByText(t('widget.chat.protocol', { protocol }))).toBeVisible();
});

test('each conversation of a visitor keeps its number, also on the next visit, and one press copies it', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quanto custa o bolo?', 'Lia Prado');
  const end = async () => {
    const { id, protocol } = await world.owner.waiting('Lia Prado');
    await world.owner.call('POST', `/conversations/${id}/close`);
    await expect(visitor.panel.getByText(t('widget.chat.closed'))).toBeVisible();
    return protocol;
  };
  const one = await end();
  await visitor.write('E a torta?');
  await visitor.expectTexts(['Quanto custa o bolo?', 'E a torta?']);
  await expect(visitor.panel.getByText(t('widget.chat.closed'))).toBeHidden();
  const two = await end();
  const numbers = visitor.panel.getByRole('button', { name: t('widget.chat.protocol', { protocol: '' }) });
  const all = [one, two].map((protocol) => t('widget.chat.protocol', { protocol }));
  await expect(numbers).toHaveText(all);
  await visitor.page.reload();
  await visitor.panel.getByRole('button', { name: t('widget.home.conversation_closed') }).click();
  await visitor.expectTexts(['Quanto custa o bolo?', 'E a torta?']);
  await expect(numbers).toHaveText(all);
  await numbers.first().click();
  await expect(visitor.panel.getByText(t('widget.acts.copied'))).toBeVisible();
  await visitor.field.press('Control+V');
  await expect(visitor.field).toHaveValue(one);
});

//
test('each side sees the other typing, and no longer once the message is there', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Otávio Lins');
  const isTyping = agent.page.getByText(t('console.timeline.isTyping', { name: 'Otávio Lins' }));
  await visitor.field.pressSequentially('Vocês têm pão sem glúten?');
  await expect(isTyping).toBeVisible();
  await visitor.field.press('Enter');
  await expect(agent.bubbles.last()).toHaveText('Vocês têm pão sem glúten?');
  await expect(isTyping).toBeHidden();

  const dots = visitor.panel.getByRole('img', { name: t('widget.chat.typing', { name: 'Ana Souza' }) });
  await agent.reply.pressSequentially('Temos, às terças.');
  await expect(dots).toBeVisible();
  await agent.reply.press('Enter');
  await expect(visitor.bubbles.last()).toHaveText('Temos, às terças.');
  await expect(dots).toBeHidden();
});

// P-028, X-019
test('marks go from sent to delivered to read, on both sides', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Lívia Moraes');
  await visitor.expectMark('read');

  await visitor.launcher.click();
  await agent.write('Seu pedido está pronto.');
  await expect(agent.tick('delivered')).toBeVisible();
  await expect(visitor.launcher.locator('.badge')).toHaveText('1');
  await expect(visitor.launcher).toHaveAccessibleName(new RegExp(t('widget.loader.unread', { count: 1 })));
  await visitor.launcher.click();
  await expect(agent.tick('read')).toBeVisible();
  await expect(visitor.launcher.locator('.badge')).toBeHidden();

  await visitor.page.close();
  await agent.write('Esperamos você até as 20h.');
  await expect(agent.tick('sent')).toBeVisible();
});

test('an internal note is seen by the team and never by the visitor', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Heitor Sales');
  const frames: string[] = [];
  visitor.page.on('websocket', (socket) => socket.on('framereceived', ({ payload }) => frames.push(String(payload))));
  await visitor.page.reload();
  await expect(visitor.bubbles).toHaveCount(1);

  await agent.page.keyboard.press('Escape');
  await agent.conversation.getByRole('button', { name: t('console.composer.note'), exact: true }).click();
  await agent.note.fill('Cliente difícil, dar desconto de 10%');
  await agent.note.press('Enter');
  await expect(agent.timeline.getByText(t('console.timeline.note', { name: t('console.list.you') }))).toBeVisible();
  await agent.conversation.getByRole('button', { name: t('console.composer.reply'), exact: true }).click();
  await agent.write('Podemos fazer um desconto.');

  await visitor.expectTexts(['Bom dia', 'Podemos fazer um desconto.']);
  await visitor.page.reload();
  await visitor.expectTexts(['Bom dia', 'Podemos fazer um desconto.']);
  expect(frames.join('\n')).toContain('Podemos fazer um desconto.');
  expect(frames.join('\n')).not.toContain('Cliente difícil');
});

test('addresses become links that give nothing away, and nothing else does', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Renata Dias');
  await visitor.write('Vi em https://exemplo.com.br/cardapio?dia=1, é isso? javascript:alert(1)');
  const seen = agent.timeline.getByRole('link');
  await expect(seen).toHaveCount(1);
  await expect(seen).toHaveAttribute('href', 'https://exemplo.com.br/cardapio?dia=1');
  await expect(seen).toHaveAttribute('rel', /noopener.*noreferrer|noreferrer.*noopener/);
  await expect(seen).toHaveAttribute('target', '_blank');

  await agent.write('Sim: https://vilaclara.com.br/pedidos.');
  const link = visitor.lines.getByRole('link', { name: 'https://vilaclara.com.br/pedidos' });
  await expect(link).toHaveAttribute('href', 'https://vilaclara.com.br/pedidos');
  await expect(link).toHaveAttribute('rel', /noopener.*noreferrer|noreferrer.*noopener/);
  await expect(link).toHaveAttribute('target', '_blank');
});

// P-124
test('emoji are picked on both sides', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Tomás Brito');
  await visitor.panel.getByRole('button', { name: t('widget.composer.emoji') }).click();
  const offered = visitor.panel.locator('.emoji').getByRole('button').first();
  const chosen = (await offered.textContent())?.trim() ?? '';
  await offered.click();
  await expect(visitor.field).toHaveValue(chosen);
  await visitor.field.press('Enter');
  await expect(agent.bubbles.last()).toHaveText(chosen);

  await agent.conversation.getByRole('button', { name: t('console.composer.emoji'), exact: true }).click();
  await agent.page
    .getByRole('textbox', { name: t('console.emoji.search') })
    .or(agent.page.getByRole('searchbox', { name: t('console.emoji.search') }))
    .fill('coração');
  await agent.page.keyboard.press('Tab');
  const heart = agent.page
    .getByRole('button', { name: /coração vermelho/i })
    .or(agent.page.getByRole('option', { name: /coração vermelho/i }));
  await heart.first().click();
  await expect(agent.reply).not.toHaveValue('');
  const sent = await agent.reply.inputValue();
  await agent.reply.press('Enter');
  await expect(visitor.bubbles.last()).toHaveText(sent);
});

// D-027, P-106, P-113
test('closing is seen by the visitor, can be undone, and a late message reopens it', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Joana Prado');
  await agent.act('console.conversation.close').click();
  await expect(visitor.panel.getByText(t('widget.event.closed', { name: 'Ana Souza' }))).toBeVisible();
  await expect(agent.toasts.getByText(t('console.conversation.closed'))).toBeVisible();
  await agent.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(visitor.panel.getByText(t('widget.event.reopened'))).toBeVisible();
  await expect(agent.act('console.conversation.close')).toBeVisible();

  await agent.act('console.conversation.close').click();
  await expect(visitor.panel.getByText(t('widget.chat.closed'))).toBeVisible();
  await visitor.write('Esqueci de dizer: sem açúcar');
  await expect(visitor.panel.getByText(t('widget.chat.closed'))).toBeHidden();
  await expect(agent.act('console.conversation.close')).toBeVisible();
  await expect(agent.bubbles.last()).toHaveText('Esqueci de dizer: sem açúcar');
  await agent.write('Anotado.');
  await visitor.expectTexts(['Bom dia', 'Esqueci de dizer: sem açúcar', 'Anotado.']);
});

// D-027
test('a note that is being written stays a note when a late message reopens the conversation', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Nina Sales');
  await agent.act('console.conversation.close').click();
  await expect(agent.act('console.conversation.reopen')).toBeVisible();
  await agent.note.fill('Cliente difícil, não dar desconto');
  await visitor.write('Só mais uma pergunta');
  await expect(agent.timeline.getByText(t('console.event.reopenedByVisitor'))).toBeVisible();
  await expect(agent.page.getByText(t('console.composer.replyAgain'))).toBeVisible();
  await expect(agent.note).toHaveValue('Cliente difícil, não dar desconto');
  await agent.note.press('Enter');
  await expect(agent.note).toHaveValue('');
  await expect(agent.timeline.getByText('Cliente difícil, não dar desconto')).toBeVisible();
  await visitor.expectTexts(['Bom dia', 'Só mais uma pergunta']);

  await agent.conversation
    .getByRole('button', { name: t('console.composer.reply'), exact: true })
    .last()
    .click();
  await agent.reply.fill('Pode perguntar');
  const { id } = (await world.owner.conversations('open')).find(({ contact }) => contact.name === 'Nina Sales') ?? {};
  await world.owner.call('POST', `/conversations/${id}/close`);
  await expect(agent.page.getByText(t('console.composer.closedHint'))).toBeVisible();
  await expect(agent.reply).toHaveValue('Pode perguntar');
  await agent.reply.press('Enter');
  await expect(agent.button('console.composer.send')).toBeDisabled();
  await expect(agent.reply).toHaveValue('Pode perguntar');
  await agent.button('console.composer.writeNote').click();
  await expect(agent.note).toBeFocused();
  await expect(agent.note).toHaveValue('');
});

// P-026
test('a double click on taking takes, and the list goes along to where the conversation is now', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const agent = await people.agent(world);
  await agent.go();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Dois cliques', 'Dora Klein');
  await agent.openRow('Dora Klein');
  await agent.act('console.conversation.take').dblclick();
  await expect(agent.reply).toBeFocused();
  await expect(agent.tab('open')).toHaveAttribute('aria-selected', 'true');
  await expect(agent.row('Dora Klein')).toBeVisible();
  await expect(agent.act('console.conversation.close')).toBeEnabled();
  await expect(agent.timeline.getByText(t('console.event.closed', { name: 'Ana Souza' }))).toHaveCount(0);
  await agent.act('console.conversation.close').dblclick();
  await expect(agent.act('console.conversation.reopen')).toBeEnabled();
  await expect(agent.timeline.getByText(t('console.event.reopened', { name: 'Ana Souza' }))).toHaveCount(0);
});

// P-005
test('a search says where else something was found', async ({ people }) => {
  const { agent } = await talking(world, people, 'Quirino Vaz');
  await agent.tab('closed').click();
  await agent.page.getByRole('searchbox').fill('quirino');
  await expect(agent.page.getByText(t('console.list.nothingFound', { list: t('console.list.closed') }))).toBeVisible();
  const there = t('console.list.elsewhereIn', { count: '1', list: t('console.list.open') });
  await agent.page.getByRole('button', { name: there }).click();
  await expect(agent.row('Quirino Vaz')).toBeVisible();
});

// D-022, D-023
test('a visitor ends the conversation where that is allowed', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { visitor_may_close: true } });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Já resolvi, obrigado', 'Igor Nunes');
  await visitor.expectMark('sent'); // Only a conversation that is there can be ended.
  await visitor.panel.getByRole('button', { name: t('widget.chat.menu') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.more.end'), exact: true }).click();
  await visitor.panel.getByRole('button', { name: t('widget.more.end_confirm'), exact: true }).click();
  await expect(visitor.panel.getByText(t('widget.event.closed_by_visitor'))).toBeVisible();

  const agent = await people.agent(world);
  await agent.go();
  await agent.tab('closed').click();
  await agent.openRow('Igor Nunes');
  await expect(agent.timeline.getByText(t('console.event.closedByVisitor'))).toBeVisible();

  const other = await world.owner.addWebchat({ settings: { visitor_may_close: false } });
  const second = await people.visitor(shopPage(world, other, { path: '/outra' }));
  await second.start('Oi');
  await second.panel.getByRole('button', { name: t('widget.chat.menu') }).click();
  await expect(second.panel.getByRole('button', { name: t('widget.more.mute') })).toBeVisible();
  await expect(second.panel.getByRole('button', { name: t('widget.more.end'), exact: true })).toHaveCount(0);
});

test('script in a name, a message or a page title is shown as the text it is', async ({ people }) => {
  const hostile = {
    name: '<img src=x onerror=alert(1)>',
    text: '<script>alert(2)</script><b onclick=alert(3)>oi</b>',
    title: '"><svg onload=alert(4)>{{7*7}}',
  };
  const connection = await world.owner.addWebchat({ settings: { greeting: '<i>Olá</i>' } });
  const dialogs: string[] = [];
  const agent = await people.agent(world);
  const visitor = await people.visitor(shopPage(world, connection, { path: '/ataque', title: hostile.title }));
  for (const page of [agent.page, visitor.page])
    page.on('dialog', (dialog) => (dialogs.push(dialog.message()), void dialog.dismiss()));
  await agent.go();
  await visitor.start(hostile.text, hostile.name);
  await expect(agent.row(hostile.text)).toContainText(hostile.name);
  await agent.row(hostile.text).click();
  await expect(agent.conversation.getByRole('heading', { level: 2 })).toContainText(hostile.name);
  await expect(agent.bubbles).toHaveText([hostile.text]);
  await expect(agent.page.getByRole('complementary')).toContainText(hostile.title);
  const next = `${hostile.title} Planos`;
  await visitor.page.evaluate((title) => {
    document.title = title;
    history.pushState(null, '', '/planos');
  }, next);
  await expect(agent.page.getByRole('complementary')).toContainText(next);
  await agent.act('console.conversation.take').click();
  await agent.write(hostile.text);
  await visitor.expectTexts([hostile.text, hostile.text]);
  await expect(agent.page.locator('main img, main script, main b, main svg[onload]')).toHaveCount(0);
  await expect(visitor.panel.locator('body img, body script, body b[onclick], body i')).toHaveCount(0);
  await visitor.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await expect(visitor.panel.getByRole('heading', { name: '<i>Olá</i>' })).toBeVisible();
  expect(dialogs).toEqual([]);
});
