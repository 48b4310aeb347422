// A working day without a mouse: log in, walk the list, answer, note, close, find.
import { expect, OWNER, shopPage, t, test, useWorld, visit, type People } from '../support/test';
import { Desk } from '../support/desk';
import type { Visitor } from '../support/visitor';

const world = useWorld();

// P-125
test('an agent logs in, walks the list, answers and closes with the keyboard alone', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const names = ['Marina Ribeiro', 'Otávio Lins', 'Renata Dias'];
  const visitors = new Map<string, Visitor>();
  for (const name of names) {
    const visitor = await people.visitor(shopPage(world, connection));
    await visitor.start(`Sou ${name}`, name);
    visitors.set(name, visitor);
  }
  const context = await people.browser(OWNER.name, { baseURL: world.program.origin });
  const ana = new Desk(await visit(context, '/login'));
  const { keyboard } = ana.page;
  await expect(ana.page.getByLabel(t('console.access.email'), { exact: true })).toBeFocused();
  await expect(ana.page.getByLabel(t('console.access.email'), { exact: true })).toHaveCSS('outline-style', 'solid');
  await keyboard.type(OWNER.email);
  await keyboard.press('Tab');
  await keyboard.type(OWNER.password);
  await keyboard.press('Enter');
  await expect(ana.rows).toHaveCount(3);

  await keyboard.press('j');
  await expect(ana.row('Marina Ribeiro')).toBeFocused();
  await expect(ana.row('Marina Ribeiro')).toHaveCSS('outline-style', 'solid');
  await keyboard.press('j');
  await expect(ana.row('Otávio Lins')).toBeFocused();
  await keyboard.press('j');
  await keyboard.press('k');
  await expect(ana.row('Otávio Lins')).toBeFocused();
  await keyboard.press('Enter');
  await expect(ana.conversation.getByRole('heading', { level: 2 })).toContainText('Otávio Lins');
  await expect(ana.act('console.conversation.take')).toBeVisible();

  await keyboard.press('r');
  await expect(ana.reply).toBeFocused();
  await keyboard.type('Bom dia,');
  await keyboard.press('Shift+Enter');
  await keyboard.type('em que posso ajudar? ej');
  await keyboard.press('Enter');
  await visitors.get('Otávio Lins')?.expectTexts(['Sou Otávio Lins', 'Bom dia,\nem que posso ajudar? ej']);
  await expect(ana.act('console.conversation.close')).toBeVisible();

  // Esc leaves the composer, not the conversation.
  await keyboard.press('Escape');
  await expect(ana.timeline).toBeFocused();
  await keyboard.press('n');
  await expect(ana.note).toBeFocused();
  await keyboard.type('Quer nota fiscal');
  await keyboard.press('Enter');
  await expect(ana.timeline.getByText('Quer nota fiscal')).toBeVisible();
  // Where nothing has the focus, one letter ends nothing; the next key says that this one was heard.
  await ana.note.blur();
  await keyboard.press('e');
  await keyboard.press('r');
  await expect(ana.reply).toBeFocused();
  await keyboard.press('Escape');
  await keyboard.press('e');
  await expect(ana.toasts.getByText(t('console.conversation.closed'))).toBeVisible();
  await expect(ana.rows.first()).toBeFocused();

  await keyboard.press('/');
  await expect(ana.page.getByRole('searchbox')).toBeFocused();
  await keyboard.type('renata');
  await expect(ana.rows).toHaveCount(1);
  await keyboard.press('Enter');
  await expect(ana.row('Renata Dias')).toBeFocused();
  await keyboard.press('Enter');
  await keyboard.press('t');
  await expect(ana.reply).toBeFocused();

  // One's own opens to be answered: what is typed next is text, not a row of shortcuts.
  await expect(ana.row('Renata Dias')).toBeVisible();
  await keyboard.press('Escape');
  await keyboard.press('Escape');
  await expect(ana.row('Renata Dias')).toBeFocused();
  await keyboard.press('Enter');
  await expect(ana.reply).toBeFocused();
  await keyboard.type('ele');
  await expect(ana.reply).toHaveValue('ele');
});

/** Somebody waits, once for the whole file. */
async function beWritten(people: People, name: string): Promise<void> {
  const queue = await world.owner.conversations('queue');
  if (queue.some(({ contact }) => contact.name === name)) return;
  const visitor = await people.visitor(shopPage(world, await world.owner.addWebchat()));
  await visitor.start('Bom dia', name);
  await world.owner.waiting(name);
}

//
test('the palette finds conversations, settings and actions by typing', async ({ people }) => {
  await beWritten(people, 'Cecília Prado');
  const ana = await people.agent(world);
  await ana.go('/settings/company');
  const { keyboard } = ana.page;
  const chosen = ana.page.locator('[role=option][aria-selected=true]');
  const field = ana.page.getByRole('dialog').getByRole('combobox');
  await keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await keyboard.type('canal');
  await expect(chosen).toHaveText(t('console.connections.title'));
  await keyboard.press('Enter');
  await expect(ana.page).toHaveURL(/\/settings\/connections$/);
  await keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await keyboard.type('cecilia');
  await expect(chosen).toContainText('Cecília Prado');
  await keyboard.press('Enter');
  await expect(ana.conversation.getByRole('heading', { level: 2 })).toContainText('Cecília Prado');
  await keyboard.press('Control+k');
  await expect(field).toBeFocused();
  await keyboard.type('ausente');
  await expect(chosen).toContainText(t('console.status.away'));
  await keyboard.press('Enter');
  await expect(ana.page.getByRole('button', { name: /^Ana Souza/ })).toHaveAccessibleName(
    new RegExp(t('console.status.away')),
  );
});

//
test('the palette offers nothing that was found for another text', async ({ people }) => {
  await beWritten(people, 'Cecília Prado');
  const ana = await people.agent(world);
  await ana.go('/settings/company');
  const palette = ana.page.getByRole('dialog');
  const cecilia = palette.getByRole('option').filter({ hasText: 'Cecília Prado' }).first();
  await ana.page.keyboard.press('Control+k');
  await expect(palette.getByRole('combobox')).toBeFocused();
  await ana.page.keyboard.type('cecilia');
  await expect(cecilia).toBeVisible();
  let answer = (): void => undefined;
  const isAnswered = new Promise<void>((done) => (answer = done));
  await ana.page.route('**/api/conversations?*', async (route) => {
    await isAnswered;
    await route.continue();
  });
  await ana.page.keyboard.type(' dos anzóis');
  await expect(palette.getByText(t('console.palette.looking'))).toBeVisible();
  await expect(cecilia).toHaveCount(0);
  answer();
  await expect(palette.getByText(t('console.state.nothingFound'))).toBeVisible();
});

// D-065
test('a visitor opens, writes and closes the chat with the keyboard alone', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/teclado' }));
  await visitor.launcher.focus();
  await visitor.page.keyboard.press('Enter');
  await expect(visitor.panel.getByRole('heading', { level: 1 })).toBeFocused();
  const start = visitor.panel.getByRole('button', { name: t('widget.home.start') });
  await visitor.page.keyboard.press('Tab');
  await expect(start).toBeFocused();
  await visitor.page.keyboard.press('Enter');
  await expect(visitor.field).toBeFocused();
  await visitor.page.keyboard.type('Só com o teclado');
  await visitor.page.keyboard.press('Enter');
  await visitor.expectTexts(['Só com o teclado']);
  await visitor.page.keyboard.press('Escape');
  await expect(visitor.launcher).toBeFocused();
  await expect(visitor.launcher).toHaveAttribute('aria-expanded', 'false');
});
