// In front of the agent and of the visitor: what is typed before it is sent, pages of the visit, who is on the site, a shared computer, what
// else stands in a page's corner, and the small sum against machines.
import { createHmac } from 'node:crypto';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { openShadowRoots, Visitor } from '../support/visitor';

test.describe.configure({ timeout: 240_000 });

const world = useWorld();

/** What lies in the panel's own storage of files. */
const keysOf = (name: string): Promise<unknown[]> =>
  new Promise((done, fail) => {
    const asked = indexedDB.open(name, 1);
    asked.onerror = () => fail(asked.error);
    asked.onupgradeneeded = () => asked.result.createObjectStore('files');
    asked.onsuccess = () => {
      const keys = asked.result.transaction('files').objectStore('files').getAllKeys();
      keys.onsuccess = () => (asked.result.close(), done(keys.result));
    };
  });

//
test('what is being typed is read along where the visitor is told so, and ends with its message', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Prévia', settings: { typing_preview: true } });
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/previa' }));
  await visitor.start('Bom dia', 'Marina Ribeiro');
  await expect(visitor.panel.getByText(t('widget.preview.note'))).toBeVisible();
  await world.owner.waiting('Marina Ribeiro');
  await ana.openRow('Marina Ribeiro');
  const preview = ana.timeline.getByRole('note', { name: t('console.timeline.writing') });
  const hostile = '<b onclick=alert(1)>Meu CPF é</b> \u202e123';
  await visitor.field.pressSequentially(hostile);
  await expect(preview).toContainText(hostile);
  expect(await preview.locator('b').count()).toBe(0);
  await show({ page: visitor.page, name: '73-widget-preview-note' });
  await show({ page: ana.page, name: '56-typing-preview' });
  // Emptied, it is gone.
  await visitor.field.fill('');
  await expect(preview).toHaveCount(0);
  await visitor.field.pressSequentially('Quero o bolo de cenoura');
  await expect(preview).toContainText('bolo de cenoura');
  await visitor.field.press('Enter');
  await expect(ana.bubbles.last()).toContainText('bolo de cenoura');
  await expect(preview).toHaveCount(0);
});

// off, which is usual, there is neither a line nor anything to read.
test('nothing is shown where it is off', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Sem prévia' });
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection, { path: '/sem-previa' }));
  await visitor.start('Boa tarde', 'Igor Nunes');
  await world.owner.waiting('Igor Nunes');
  await ana.openRow('Igor Nunes');
  const told: string[] = [];
  await ana.page.exposeFunction('told', (text: string) => told.push(text));
  await ana.page.evaluate(() =>
    new MutationObserver(() => {
      const note = document.querySelector('[role=note]');
      if (note) (window as unknown as { told(text: string): void }).told(`${note.textContent}`);
    }).observe(document.body, { subtree: true, childList: true, characterData: true }),
  );
  await visitor.field.pressSequentially('segredo');
  const typing = ana.timeline.getByText(t('console.timeline.isTyping', { name: 'Igor Nunes' }));
  await expect(typing).toBeVisible();
  // Typing ends seconds after the last key: what would have been shown along with it has been shown by then.
  await expect(typing).toBeHidden({ timeout: 20_000 });
  expect(told).toEqual([]);
  await expect(ana.timeline.getByRole('note')).toHaveCount(0);
  await expect(visitor.panel.getByText(t('widget.preview.note'))).toHaveCount(0);
});

// T-004, X-019
test('visitors on the site, and the pages of a visit, also those that are loaded anew', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Loja', settings: { watch_visitors: true } });
  const page = (path: string, title: string) => shopPage(world, connection, { path, title });
  const [home, plans] = [page('/inicio', 'Início'), page('/planos', 'Planos de fibra')];
  const ana = await people.agent(world);
  await ana.go('/visitors');
  const table = ana.page.getByRole('table', { name: t('console.visitors.title') });
  // A closed chat is enough where the connection says so, and nothing is stored for it.
  const looker = await people.visitor(home);
  const row = table.getByRole('row').filter({ hasText: 'Início' });
  await expect(row.filter({ hasText: t('console.visitors.closed') })).toBeVisible();
  expect(await looker.page.evaluate(() => localStorage.length + sessionStorage.length)).toBe(0);
  const marina = await people.visitor(home);
  await marina.start('Oi', 'Marina Alves');
  const waiting = await world.owner.waiting('Marina Alves');
  await marina.page.goto(plans);
  const own = table.getByRole('row').filter({ hasText: 'Marina Alves' });
  await expect(own).toContainText('Planos de fibra');
  await expect(own.getByRole('link', { name: t('console.visitors.waiting') })).toHaveAttribute(
    'href',
    `/conversations/${waiting.id}`,
  );
  await expect(ana.page.getByText(t('console.visitors.text'))).toBeVisible();
  await show({ page: ana.page, name: '57-visitors' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await looker.page.close();
  await expect(row.filter({ hasText: t('console.visitors.closed') })).toHaveCount(0);
  await own.getByRole('link', { name: t('console.visitors.waiting') }).click();
  const pages = ana.page.getByRole('list', { name: t('console.context.pages') });
  await expect(pages.getByRole('listitem')).toHaveText([/^Planos de fibra/, /^Início/]);
  await show({ page: ana.page, name: '58-visited-pages', sizes: [1440] });
  expect(await violations(ana.page)).toEqual([]);
});

test('nobody on the site, in words', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/visitors');
  await expect(ana.page.getByText(t('console.visitors.empty'))).toBeVisible();
  await show({ page: ana.page, name: '59-visitors-empty', sizes: [1440, 380] });
});

//
test('the list is found by its word', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go();
  await ana.seek('visitantes');
  await ana.page.getByRole('option', { name: t('console.visitors.title') }).click();
  await expect(ana.page).toHaveURL(/\/visitors$/);
});

// D-025, D-026
test('“not you?” forgets key, name and conversation in this browser, in every tab; the company keeps its own', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Balcão da loja' });
  const address = shopPage(world, connection, { path: '/balcao' });
  const context = await people.browser('visitor');
  await openShadowRoots(context);
  const first = new Visitor(await context.newPage());
  await first.page.goto(address);
  await first.start('Meu CPF é 123', 'Marina Ribeiro');
  const waiting = await world.owner.waiting('Marina Ribeiro');
  const second = new Visitor(await context.newPage());
  await second.page.goto(address);
  await second.openPanel();
  await second.expectTexts(['Meu CPF é 123']);
  await second.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  const ask = second.panel.getByRole('button', { name: t('widget.fresh.ask') });
  await ask.click();
  await show({ page: second.page, name: '74-widget-not-you' });
  // It can be thought over.
  await second.panel.getByRole('button', { name: t('widget.fresh.cancel') }).click();
  await expect(ask).toBeFocused();
  await ask.click();
  await second.panel.getByRole('button', { name: t('widget.fresh.confirm') }).click();
  for (const tab of [second, first]) {
    await expect(tab.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
    await expect(tab.panel.getByText('Meu CPF é 123')).toHaveCount(0);
    await expect(tab.panel.getByText('Marina Ribeiro')).toHaveCount(0);
  }
  const kept = await second.page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(kept).not.toContain('Marina');
  expect(kept).not.toContain(waiting.id);
  await second.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(second.panel.getByLabel(t('widget.form.name'))).toHaveValue('');
  expect((await world.owner.conversations('queue')).some(({ id }) => id === waiting.id)).toBe(true);
});

// D-025: what was never sent is nobody's either. In a window of its own, since browsers may close this storage to frames of other sites.
test('“not you?” sends nothing that waits, and leaves no file in the browser', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Computador da loja' });
  const { page } = await people.visitor(`${connection.install.popup_url}?name=Marina+Prado`);
  const visitor = new Visitor(page, true);
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.write('Oi');
  const { id } = await world.owner.waiting('Marina Prado');
  await visitor.expectMark('sent');
  // The file does not come through; what is written after it waits for its turn.
  await page.route('**/api/visitor/files', (route) => route.abort());
  await visitor.panel.getByRole('button', { name: t('widget.composer.attach'), exact: true }).click();
  await visitor.panel
    .locator('input[data-kind=file]')
    .setInputFiles({ name: 'cpf.txt', mimeType: 'text/plain', buffer: Buffer.from('111.444.777-35') });
  const send = visitor.panel.getByRole('button', { name: t('widget.form.send') });
  await expect(send).toBeEnabled();
  await send.click();
  await visitor.write('Depois do arquivo');
  await expect(visitor.bubbles).toHaveCount(3);
  const kept = () => page.evaluate(keysOf, 'balcao.files.' + connection.code);
  await expect.poll(kept).toHaveLength(1);
  await visitor.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.fresh.ask') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.fresh.confirm') }).click();
  await expect(page).toHaveURL(connection.install.popup_url);
  await expect(visitor.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  expect(await kept()).toEqual([]);
  expect(await page.evaluate(() => JSON.stringify({ ...localStorage }))).not.toContain('cpf.txt');
  const { messages } = await world.owner.call<{ messages: { text: string }[] }>('GET', `/conversations/${id}`);
  expect(messages.map(({ text }) => text)).not.toContain('Depois do arquivo');
});

// T-003, T-029
test('“not you?” in the pop-up chat forgets what its link said, too', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Link' });
  const popup = await people.visitor(`${connection.install.popup_url}?name=Marina+Alencar`);
  const visitor = new Visitor(popup.page, true);
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  // The name is known: nothing is asked for.
  await visitor.write('Oi do link');
  await world.owner.waiting('Marina Alencar');
  await visitor.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.fresh.ask') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.fresh.confirm') }).click();
  await expect(popup.page).toHaveURL(connection.install.popup_url);
  await expect(visitor.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await expect(visitor.panel.getByText('Marina')).toHaveCount(0);
});

// D-070: two customers of a portal, one after the other, in one browser.
test('what lies in the page’s storage of one signed customer is gone once another is there', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Portal' });
  const { secret } = await world.owner.call<{ secret: string }>(
    'POST',
    `/connections/${connection.id}/identity-secret`,
  );
  const contact = (id: string, name: string) => ({
    id,
    name,
    hash: createHmac('sha256', secret).update(id).digest('hex'),
  });
  const page = (path: string, one: object) => shopPage(world, connection, { path, payload: { contact: one } });
  const marina = page('/portal/marina', contact('cliente:1', 'Marina Souza'));
  const igor = page('/portal/igor', contact('cliente:12', 'Igor Souza'));
  const context = await people.browser('visitor');
  await openShadowRoots(context);
  const visitor = new Visitor(await context.newPage());
  await visitor.page.goto(marina);
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.write('Segunda via, por favor');
  await world.owner.waiting('Marina Souza');
  await visitor.field.fill('meu cartão é 4111');
  // Only the site logs a signed customer out.
  await visitor.panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await expect(visitor.panel.getByRole('button', { name: t('widget.fresh.ask') })).toBeHidden();
  const kept = () => visitor.page.evaluate(() => JSON.stringify({ ...localStorage }));
  expect(await kept()).toContain('4111');
  // Back on the page: one's own stays.
  await visitor.page.goto(marina);
  expect(await kept()).toContain('4111');
  await visitor.page.goto(igor);
  await expect(visitor.launcher).toBeVisible();
  await expect.poll(kept).not.toContain('4111');
  expect(await kept()).not.toContain('cliente%3A1:');
  await visitor.page.evaluate('balcao.identify()');
  await expect.poll(kept).not.toContain('~');
  // What the company has comes back with the signature.
  // It stood open in this visit, and does again.
  await visitor.page.goto(marina);
  // It was open on the page before, and nobody is asked about who is not known here before a touch.
  await visitor.panel.locator('h1').first().click();
  await expect(visitor.bubbles.filter({ hasText: 'Segunda via' })).toBeVisible();
});

/** A cookie bar at the foot, and the button of VLibras at the right edge, each where their makers put them. */
const NEIGHBOURS = `<aside aria-label="Avisos"><div id="cookies" style="position:fixed;left:0;right:0;bottom:0;height:72px;z-index:2147483647;background:#333;color:#fff">
  Usamos cookies. <button>Aceitar</button></div>
  <div vw class="enabled"><div vw-access-button style="position:fixed;right:0;top:50%;margin-top:-20px;width:40px;height:40px;z-index:2147483647;background:#1351b4"></div></div></aside>`;

// T-002, D-046
test('with its offsets set the launcher keeps clear of a cookie bar and of the VLibras button', async ({ people }) => {
  for (const position of ['right', 'left'] as const) {
    const settings = { position, offset_bottom: 92, offset_side: 56 };
    const connection = await world.owner.addWebchat({ name: `Vizinhos ${position}`, settings });
    const config = encodeURIComponent(JSON.stringify({ id: connection.code }));
    const body = `${NEIGHBOURS}<script src="/site.js?balcao=${config}"></script>
      <script async src="${world.program.origin}/widgets/${connection.code}.js"></script>`;
    const visitor = await people.visitor(world.site.put(`/vizinhos-${position}`, { body }));
    for (const size of [
      { width: 1280, height: 800 },
      { width: 380, height: 700 },
    ]) {
      await visitor.page.setViewportSize(size);
      const own = (await visitor.launcher.boundingBox())!;
      for (const other of ['#cookies', '[vw-access-button]']) {
        const box = (await visitor.page.locator(other).boundingBox())!;
        const isApart =
          own.x + own.width <= box.x ||
          box.x + box.width <= own.x ||
          own.y + own.height <= box.y ||
          box.y + box.height <= own.y;
        expect(isApart, `${position} ${other} at ${size.width}`).toBe(true);
      }
    }
    await show({ page: visitor.page, name: `75-widget-neighbours-${position}`, sizes: [1440, 380] });
  }
});

// T-162: nobody notices; neither in the form, nor where a page came before the flood.
test('where a challenge is asked it is solved while the form is filled in, and no text is lost', async ({ people }) => {
  const connection = await world.owner.addWebchat({ name: 'Com conta', settings: { challenge: 'always' } });
  for (let number = 0; number < 6; number++) {
    // More than get through without.
    const visitor = await people.visitor(shopPage(world, connection, { path: '/conta' }));
    await visitor.start(`Mensagem ${number}`, `Pessoa ${number}`);
    await world.owner.waiting(`Pessoa ${number}`);
    await expect(visitor.panel.getByText(`Mensagem ${number}`)).toHaveCount(1);
    await visitor.page.context().close();
  }
});

// T-162
test('who sends without having solved anything is told by the refusal, and the message goes by itself', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ name: 'Enchente', settings: { challenge: 'always' } });
  // What gets through without is used up.
  const headers = { 'content-type': 'application/json', origin: world.program.origin };
  const post = (path: string, body: object, more: object = {}) =>
    fetch(world.program.origin + path, {
      method: 'POST',
      headers: { ...headers, ...more },
      body: JSON.stringify(body),
    });
  const answers = [];
  for (let number = 0; number < 4; number++) {
    const { ticket } = (await (await post(`/widgets/${connection.code}/ticket`, {})).json()) as { ticket: string };
    const message = { id: crypto.randomUUID(), text: 'Sem conta', form: { name: 'Robô' } };
    answers.push((await post('/api/visitor/messages', message, { authorization: `Bearer ${ticket}` })).status);
  }
  expect(answers.at(-1)).toBe(429);
  const visitor = await people.visitor(shopPage(world, connection, { path: '/enchente' }));
  await visitor.page.route('**/api/visitor/challenge', (route) =>
    route.fulfill({ json: { challenge: null, bits: 0 } }),
  );
  await visitor.start('Escrevi muito e não quero perder', 'Célia');
  await world.owner.waiting('Célia');
  await expect(visitor.bubbles).toHaveCount(1);
});
