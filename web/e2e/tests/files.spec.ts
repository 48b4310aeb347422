// Files between a visitor and an agent: each kind both ways, cut off and gone on, refused, pasted, dropped, recorded, looked at.
import { readFileSync } from 'node:fs';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Locator, Page } from '@playwright/test';
import { violations } from '../support/axe';
import type { Desk } from '../support/desk';
import { film, paper, picture, tone, type Payload } from '../support/media';
import { show } from '../support/pictures';
import { expect, shopPage, t, talking, test, useWorld, visit } from '../support/test';
import { Visitor } from '../support/visitor';

const world = useWorld();

type Kind = 'image' | 'video' | 'audio' | 'file';
// A debug build takes its time to look into a picture.
const PATIENT = { timeout: 25_000 };

test.use({
  permissions: ['microphone'],
  launchOptions: async ({ launchOptions }, use) =>
    use({
      ...launchOptions,
      args: [
        ...(launchOptions.args ?? []),
        '--use-fake-device-for-media-stream',
        '--use-fake-ui-for-media-stream',
        '--autoplay-policy=no-user-gesture-required',
      ],
    }),
});

// Playwright's recording of a page fetches its local pictures, which our policy forbids to everybody.
test.beforeEach(({ faults }) => faults.allow(/connect-src.*blob:|'blob:[^]*connect-src|connect-src blocked blob/));

/** What is large goes by a file on the disk: quicker for the browser. */
async function given(files: Payload | Payload[]): Promise<Payload | Payload[] | string> {
  if (Array.isArray(files) || files.buffer.length < 1_000_000) return files;
  const path = join(await mkdtemp(join(tmpdir(), 'balcao-e2e-')), files.name);
  await writeFile(path, files.buffer);
  return path;
}

const chooser = (agent: Desk, kind: Kind): Locator => agent.page.locator(`input[type=file][data-kind=${kind}]`);
const chosen = (agent: Desk): Locator =>
  agent.page.getByRole('list', { name: t('console.files.chosen') }).getByRole('listitem');

async function choose(agent: Desk, kind: Kind, files: Payload | Payload[]): Promise<void> {
  await chooser(agent, kind).setInputFiles(await given(files));
}

async function sendFile(agent: Desk, kind: Kind, file: Payload, text = ''): Promise<void> {
  await choose(agent, kind, file);
  await expect(chosen(agent)).toContainText([file.name.replace(/\.\w+$/, '')]);
  if (text) await agent.reply.fill(text);
  await expect(agent.act('console.composer.send')).toBeEnabled();
  await agent.reply.press('Enter');
}

/** The widget's ways to choose come with the first press. */
async function give(visitor: Visitor, kind: Kind, files: Payload | Payload[]): Promise<void> {
  const input = visitor.panel.locator(`input[type=file][data-kind=${kind}]`);
  if ((await input.count()) === 0) {
    const attach = visitor.panel.getByRole('button', { name: t('widget.composer.attach'), exact: true });
    await attach.click();
    await expect(visitor.panel.getByRole('button', { name: t('widget.file.record') })).toBeVisible();
    await attach.click();
  }
  await input.setInputFiles(await given(files));
}

async function giveAndSend(visitor: Visitor, kind: Kind, file: Payload, text = ''): Promise<void> {
  await give(visitor, kind, file);
  const send = visitor.panel.getByRole('button', { name: t('widget.form.send') });
  if (text) await visitor.field.fill(text);
  await expect(send).toBeEnabled();
  await send.click();
}

const isDrawn = (image: Locator): Promise<boolean> =>
  image.evaluate((one: HTMLImageElement) => one.complete && one.naturalWidth > 0);
const lengthOf = (player: Locator): Promise<number> =>
  player.evaluate(async (one: HTMLMediaElement) => {
    one.preload = 'auto';
    one.load();
    if (one.readyState < 1) await new Promise((done) => one.addEventListener('loadedmetadata', done, { once: true }));
    return one.duration;
  });

// P-120, P-121
test('an agent sends a picture, a film, a sound and a paper, each by its own button', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Célia Moraes');
  for (const [kind, accepts] of [
    ['image', /image\/jpeg/],
    ['video', /video\/mp4/],
    ['audio', /audio\/\*/],
  ] as const)
    await expect(chooser(agent, kind)).toHaveAttribute('accept', accepts);
  await expect(chooser(agent, 'file')).not.toHaveAttribute('accept');
  const opened = agent.page.waitForEvent('filechooser');
  await agent.act('console.files.sendImage').click();
  expect((await opened).isMultiple()).toBe(true);

  await sendFile(agent, 'image', await picture(agent.page), 'Nossa fachada nova');
  const seen = visitor.panel.getByRole('img', { name: 'fachada.jpg' });
  await expect.poll(() => isDrawn(seen), PATIENT).toBe(true);
  await expect(visitor.bubbles.last()).toContainText('Nossa fachada nova');

  await sendFile(agent, 'video', await film(agent.page));
  await expect.poll(() => lengthOf(visitor.panel.locator('video'))).toBeGreaterThan(0);
  await sendFile(agent, 'audio', tone());
  await expect.poll(() => lengthOf(visitor.panel.locator('audio'))).toBeCloseTo(2, 0);
  const sent = paper();
  await sendFile(agent, 'file', sent);
  const link = visitor.panel.getByRole('link', { name: t('widget.file.download', { name: sent.name }) });
  const download = visitor.page.waitForEvent('download');
  await link.click();
  const got = await download;
  expect(got.suggestedFilename()).toBe(sent.name);
  expect(readFileSync(await got.path()).equals(sent.buffer)).toBe(true);

  // The agent's own side shows the same four, stored.
  await expect(agent.tick('read')).toBeVisible();
  await expect(agent.timeline.getByRole('progressbar')).toHaveCount(0);
  await expect(agent.timeline.locator('video')).toBeVisible();
  await expect(agent.row('Célia Moraes')).toContainText(`${t('console.list.you')}: ${sent.name}`);
});

// P-120, P-122
test('a visitor sends all four kinds, and the agent sees, hears and downloads them', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Nilo Barros');
  const before = agent.row('Nilo Barros');
  await giveAndSend(
    visitor,
    'image',
    await picture(visitor.page, { name: 'vitrine.png', type: 'image/png' }),
    'Olhem só',
  );
  await expect.poll(() => isDrawn(agent.timeline.getByRole('img', { name: 'vitrine' })), PATIENT).toBe(true);
  await expect(agent.bubbles.last()).toContainText('Olhem só');
  await expect(before).toContainText(`${t('console.files.image')} · Olhem só`);
  await expect(visitor.panel.getByRole('img', { name: 'vitrine' })).toBeVisible();

  await giveAndSend(visitor, 'video', await film(visitor.page));
  await expect.poll(() => lengthOf(agent.timeline.locator('video'))).toBeGreaterThan(0);
  await giveAndSend(visitor, 'audio', tone(3));
  const player = agent.timeline.getByRole('slider', { name: t('console.files.position') });
  await expect(player).toBeVisible();
  await expect(agent.timeline.getByText('0:03')).toBeVisible();
  await agent.timeline.getByRole('button', { name: t('console.files.play') }).click();
  await expect(agent.timeline.getByRole('button', { name: t('console.files.pause') })).toBeVisible();
  await expect
    .poll(() => agent.timeline.locator('audio').evaluate((one: HTMLAudioElement) => one.currentTime))
    .toBeGreaterThan(0);
  await agent.timeline.getByRole('button', { name: /1×/ }).click();
  expect(await agent.timeline.locator('audio').evaluate((one: HTMLAudioElement) => one.playbackRate)).toBe(1.5);

  const sent = paper();
  await giveAndSend(visitor, 'file', sent);
  const download = agent.page.waitForEvent('download');
  await agent.timeline.getByRole('link', { name: t('console.files.download', { name: sent.name }) }).click();
  expect(readFileSync(await (await download).path()).equals(sent.buffer)).toBe(true);
  await visitor.expectMark('read');
});

// P-122, P-126
test('what is too large or a program is said before anything is sent, and the text is kept', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Ester Lopes');
  const begun: string[] = [];
  for (const { page } of [agent, visitor])
    page.on(
      'request',
      (request) => request.method() === 'POST' && /\/files$/.test(request.url()) && begun.push(request.url()),
    );
  await agent.reply.fill('Segue a nota');
  const large = { ...tone(1), name: 'palestra.wav', buffer: Buffer.alloc(16_000_001) };
  await choose(agent, 'audio', large);
  await expect(agent.conversation.getByRole('alert')).toHaveText(
    t('console.files.tooLarge', { name: 'palestra.wav', limit: 16 }),
  );
  await expect(chosen(agent)).toHaveCount(0);
  await expect(agent.reply).toHaveValue('Segue a nota');
  await choose(agent, 'file', { ...paper(), name: 'boleto.pdf.exe' });
  await expect(agent.conversation.getByRole('alert')).toHaveText(
    t('console.files.program', { name: 'boleto.pdf.exe' }),
  );
  await choose(agent, 'image', paper());
  await expect(agent.conversation.getByRole('alert')).toContainText(t('console.files.image').toLowerCase());

  await give(visitor, 'file', { ...paper(), name: 'atualizar.bat' });
  await expect(visitor.panel.getByRole('alert')).toHaveText(t('widget.file.program', { name: 'atualizar.bat' }));
  await give(visitor, 'audio', large);
  await expect(visitor.panel.getByRole('alert')).toHaveText(
    t('widget.file.too_large', { name: 'palestra.wav', limit: 16 }),
  );
  expect(begun).toEqual([]);
});

// P-121: the server looks inside.
test('a file that is not what it says is refused by the server, and the next message goes', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Igor Matos');
  await sendFile(agent, 'image', {
    name: 'foto.png',
    mimeType: 'image/png',
    buffer: Buffer.from('not a picture at all'),
  });
  await agent.write('E isto é texto');
  await expect(agent.timeline.getByText(t('error.file_type_mismatch'))).toBeVisible();
  await expect(visitor.bubbles.last()).toHaveText('E isto é texto');
  await agent.timeline.getByRole('button', { name: t('console.delivery.discard') }).click();
  await expect(agent.bubbles).toHaveText(['Bom dia', 'E isto é texto']);

  await giveAndSend(visitor, 'image', {
    name: 'foto.png',
    mimeType: 'image/png',
    buffer: Buffer.from('neither is this'),
  });
  await expect(visitor.panel.getByRole('alert').filter({ hasText: t('error.file_type_mismatch') })).toBeVisible();
});

// P-122
test('a heavy photo is made smaller before it is sent', async ({ people }) => {
  const { agent } = await talking(world, people, 'Rosa Teles');
  const heavy = await picture(agent.page, { width: 4_000, height: 3_000, noise: true });
  const limit = 10_000_000;
  expect(heavy.buffer.length).toBeGreaterThan(limit);
  const begin = agent.page.waitForRequest(
    (request) => request.method() === 'POST' && /\/api\/files$/.test(request.url()),
  );
  await sendFile(agent, 'image', heavy);
  const { size } = (await begin).postDataJSON() as { size: number };
  expect(size).toBeLessThan(limit);
  const image = agent.timeline.getByRole('img', { name: 'fachada' });
  await expect.poll(() => isDrawn(image), PATIENT).toBe(true);
  // The room it takes has the picture's own shape.
  const box = await image.boundingBox();
  expect((box?.width ?? 0) / (box?.height ?? 1)).toBeCloseTo(4 / 3, 1);
});

// P-125
test('a pasted picture and dropped files are shown before they are sent; several go in order, the first with the text', async ({
  people,
}) => {
  const { visitor, agent } = await talking(world, people, 'Dora Pinto');
  const { buffer } = await picture(agent.page, { name: 'image.png', type: 'image/png' });
  await agent.reply.focus();
  await agent.reply.evaluate((field, data) => {
    const bytes = Uint8Array.from(atob(data), (sign) => sign.charCodeAt(0));
    const clipboardData = new DataTransfer();
    clipboardData.items.add(new File([bytes], 'image.png', { type: 'image/png' }));
    field.dispatchEvent(new ClipboardEvent('paste', { clipboardData, bubbles: true, cancelable: true }));
  }, buffer.toString('base64'));
  await expect(chosen(agent)).toHaveCount(1);

  const held = await agent.page.evaluateHandle(() => {
    const all = new DataTransfer();
    all.items.add(new File(['um'], 'um.txt', { type: 'text/plain' }));
    all.items.add(new File(['dois'], 'dois.txt', { type: 'text/plain' }));
    return all;
  });
  await agent.timeline.dispatchEvent('dragenter', { dataTransfer: held });
  await agent.timeline.dispatchEvent('dragover', { dataTransfer: held });
  await expect(agent.page.getByText(t('console.files.drop'))).toBeVisible();
  await agent.timeline.dispatchEvent('drop', { dataTransfer: held });
  await expect(agent.page.getByText(t('console.files.drop'))).toBeHidden();
  await expect(chosen(agent)).toHaveCount(3);
  await chosen(agent)
    .nth(1)
    .getByRole('button', { name: t('console.files.remove', { name: 'um.txt' }) })
    .click();
  await expect(chosen(agent)).toHaveCount(2);
  await agent.write('Os dois');
  await expect(visitor.bubbles).toHaveCount(3);
  await expect(visitor.bubbles.nth(1)).toContainText('Os dois');
  await expect(visitor.bubbles.nth(1).locator('img')).toBeVisible();
  await expect(visitor.bubbles.nth(2)).toContainText('dois.txt');
  await expect(chosen(agent)).toHaveCount(0);

  // The same on the other side.
  const panel = visitor.panel.locator('.chat');
  const shop = visitor.page.frames().find((frame) => frame.url().includes('/widgets/')) as Frame;
  const given = await shop.evaluateHandle(() => {
    const all = new DataTransfer();
    all.items.add(new File(['lista'], 'lista.txt', { type: 'text/plain' }));
    return all;
  });
  await panel.dispatchEvent('drop', { dataTransfer: given });
  await expect(visitor.panel.getByRole('list', { name: t('widget.file.chosen') })).toContainText('lista.txt');
  await visitor.field.press('Enter');
  await expect(agent.bubbles.last()).toContainText('lista.txt');
});

// P-124, P-125
test('Enter sends, Shift+Enter breaks the line, and the native menu stays', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Caio Freire');
  await agent.reply.fill('uma');
  await agent.reply.press('Shift+Enter');
  await agent.page.keyboard.type('duas');
  await agent.reply.press('Enter');
  await expect(visitor.bubbles.last()).toHaveText('uma\nduas');
  for (const field of [agent.reply, visitor.field]) {
    const isLeft = await field.evaluate((one) =>
      one.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true })),
    );
    expect(isLeft).toBe(true);
  }
});

/** Lets pieces of uploads pass until `from`, then holds them; answers their offsets. */
async function holdPieces(page: Page, from: number): Promise<{ offsets: number[]; release(): Promise<void> }> {
  const offsets: number[] = [];
  const pattern = '**/files/*';
  let isHeld = true;
  await page.context().route(pattern, async (route) => {
    const request = route.request();
    if (request.method() !== 'PATCH') return route.fallback();
    const offset = Number(request.headers()['upload-offset']);
    if (isHeld && offset >= from) return; // No answer, ever.
    offsets.push(offset);
    return route.fallback();
  });
  return { offsets, release: async () => void (isHeld = false) };
}

test('an upload that is cut in the middle says so, goes on where it was, and keeps its place', async ({ people }) => {
  test.setTimeout(120_000); // A piece without an answer is given up after half a minute.
  const { visitor, agent } = await talking(world, people, 'Lia Fontes');
  const held = await holdPieces(agent.page, 300_000);
  const sent = paper(3_000_000, 'contrato.pdf');
  await sendFile(agent, 'file', sent, 'O contrato');
  await agent.write('e depois disto');
  const bar = agent.timeline.getByRole('progressbar');
  await expect.poll(async () => Number(await bar.getAttribute('aria-valuenow'))).toBeGreaterThan(5);
  await agent.page.context().setOffline(true);
  await expect(agent.timeline.getByText(t('console.delivery.waitingFile'))).toBeVisible({ timeout: 40_000 });
  await held.release();
  await agent.page.context().setOffline(false);
  await expect(visitor.bubbles.last()).toHaveText('e depois disto');
  await expect(visitor.bubbles).toHaveCount(3);
  await expect(visitor.bubbles.nth(1)).toContainText('contrato.pdf');
  // Nothing was sent twice.
  expect(held.offsets).toEqual([...new Set(held.offsets)].sort((a, b) => a - b));
  expect(held.offsets.length).toBeGreaterThan(2);
});

test('a reload in the middle of an upload loses nothing', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Breno Sales');
  const held = await holdPieces(agent.page, 200_000);
  await sendFile(agent, 'file', paper(2_000_000, 'planta.pdf'), 'A planta');
  await agent.write('e o texto depois');
  await expect.poll(() => held.offsets.length).toBeGreaterThan(0);
  await held.release();
  await agent.page.reload();
  await expect(visitor.bubbles).toHaveText(['Bom dia', /planta\.pdf[^]*A planta/, 'e o texto depois']);
  // At most the piece that was under way is sent again.
  expect(held.offsets).toEqual([...held.offsets].sort((a, b) => a - b));
});

// The panel stands in a frame of another site, where this browser closes all storage: the file ends with the page.
test('after a reload in the middle, a frame without storage says that the file has to be chosen again', async ({
  people,
}) => {
  const { visitor, agent } = await talking(world, people, 'Plínio Reis');
  const held = await holdPieces(visitor.page, 200_000);
  await giveAndSend(visitor, 'file', paper(2_000_000, 'endereco.pdf'), 'Aqui é');
  await expect.poll(() => held.offsets.length).toBeGreaterThan(0);
  await held.release();
  await visitor.page.reload();
  const lost = visitor.panel.getByRole('alert').filter({ hasText: t('widget.file.lost') });
  await lost.getByRole('button', { name: t('widget.acts.discard') }).click();
  await visitor.write('Mando depois');
  await expect(agent.bubbles).toHaveText(['Bom dia', 'Mando depois']);
});

test('the pop-up chat goes on with an upload after a reload', async ({ people }) => {
  const connection = await world.owner.addWebchat({ settings: { ask_name: false } });
  const context = await people.browser('visitor');
  const page = await visit(context, `${world.program.origin}/widgets/${connection.code}`);
  const visitor = new Visitor(page, true);
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.write('Bom dia');
  await visitor.expectMark('sent');
  const held = await holdPieces(page, 200_000);
  await giveAndSend(visitor, 'file', paper(2_000_000, 'endereco.pdf'), 'Aqui é');
  await expect.poll(() => held.offsets.length).toBeGreaterThan(0);
  await held.release();
  await page.reload();
  await expect(visitor.bubbles.last()).toContainText('endereco.pdf');
  await visitor.expectMark('sent');
  expect(held.offsets).toEqual([...held.offsets].sort((a, b) => a - b));
  const [row] = await world.owner.conversations('queue');
  expect(row?.last_message).toMatchObject({ file: 'file', text: 'Aqui é' });
});

test('an upload can be cancelled on its way', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Tom Vieira');
  await holdPieces(agent.page, 100_000);
  await sendFile(agent, 'file', paper(2_000_000, 'engano.pdf'));
  await agent.timeline.getByRole('button', { name: t('console.files.cancel', { name: 'engano.pdf' }) }).click();
  await agent.write('Desculpe');
  await expect(visitor.bubbles).toHaveText(['Bom dia', 'Desculpe']);
  await holdPieces(visitor.page, 100_000);
  await giveAndSend(visitor, 'file', paper(2_000_000, 'engano.pdf'));
  await visitor.panel.getByRole('button', { name: t('widget.file.cancel', { name: 'engano.pdf' }) }).click();
  await visitor.write('Perdão');
  await expect(agent.bubbles).toHaveText(['Bom dia', 'Desculpe', 'Perdão']);
});

// P-123
test('an agent records a message, listens, and the visitor plays it; and the other way round', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Gil Rocha');
  await agent.act('console.files.record').click();
  const recorder = agent.page.getByRole('group', { name: t('console.files.recorder') });
  await expect(recorder.getByRole('timer')).toHaveText('0:02');
  await recorder.getByRole('button', { name: t('console.files.stop') }).click();
  await recorder.getByRole('button', { name: t('console.files.play') }).click();
  await recorder.getByRole('button', { name: t('console.files.useRecording'), exact: true }).click();
  await expect(chosen(agent)).toContainText(['.mp3']);
  await expect(agent.act('console.composer.send')).toBeEnabled();
  await agent.reply.press('Enter');
  const player = visitor.panel.locator('audio');
  await expect.poll(() => lengthOf(player)).toBeGreaterThan(1.5);
  await player.evaluate((one: HTMLAudioElement) => one.play());
  await expect.poll(() => player.evaluate((one: HTMLAudioElement) => one.currentTime)).toBeGreaterThan(0);

  await visitor.panel.getByRole('button', { name: t('widget.composer.attach'), exact: true }).click();
  await visitor.panel.getByRole('button', { name: t('widget.file.record') }).click();
  await expect(visitor.panel.getByRole('timer')).toHaveText('0:02');
  await visitor.panel.getByRole('button', { name: t('widget.file.stop') }).click();
  await visitor.panel.getByRole('button', { name: t('widget.file.use'), exact: true }).click();
  await expect(visitor.panel.getByRole('list', { name: t('widget.file.chosen') })).toContainText('.mp3');
  await expect(visitor.panel.getByRole('button', { name: t('widget.form.send') })).toBeEnabled();
  await visitor.field.press('Enter');
  await expect.poll(() => lengthOf(agent.timeline.locator('audio').last())).toBeGreaterThan(1.5);
});

test('pictures open large: arrows, zoom and Esc by keyboard, and the focus goes back', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Vera Cruz');
  for (const [name, colour] of [
    ['um.jpg', '#c2410c'],
    ['dois.jpg', '#1f6f5c'],
  ] as const) {
    await sendFile(agent, 'image', await picture(agent.page, { name, colour }));
    await expect(visitor.panel.getByRole('img', { name })).toBeVisible();
  }
  const opener = agent.timeline.getByRole('button', { name: t('console.files.open', { name: 'um.jpg' }) });
  await opener.focus();
  await agent.page.keyboard.press('Enter');
  const large = agent.page.getByRole('dialog');
  await expect(large.getByRole('heading')).toHaveText('um.jpg');
  await agent.page.keyboard.press('ArrowRight');
  await expect(large.getByRole('heading')).toHaveText('dois.jpg');
  await expect(large).toContainText('2 / 2');
  await agent.page.keyboard.press('+');
  await expect(large.getByRole('button', { name: t('console.files.zoomOut') })).toBeEnabled();
  expect(await violations(agent.page)).toEqual([]);
  await agent.page.keyboard.press('Escape');
  await expect(large).toBeHidden();
  await expect(opener).toBeFocused();

  await visitor.panel.getByRole('button', { name: t('widget.file.open', { name: 'dois.jpg' }) }).click();
  const theirs = visitor.panel.getByRole('dialog', { name: 'dois.jpg' });
  await expect.poll(() => isDrawn(theirs.getByRole('img')), PATIENT).toBe(true);
  await visitor.page.keyboard.press('ArrowLeft');
  await expect(visitor.panel.getByRole('dialog', { name: 'um.jpg' })).toBeVisible();
  await visitor.page.keyboard.press('Escape');
  await expect(visitor.panel.getByRole('dialog')).toBeHidden();
  await expect(visitor.panel.locator('.chat')).toBeVisible();
});

test('an address that has grown too old is fetched anew, once', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Zeca Prado');
  // The first address does not work any more; the fresh one does.
  let refused = 0;
  const wear = async (page: Page) =>
    page.context().route('**/files/**', async (route) => {
      if (route.request().resourceType() !== 'image' || refused > 0) return route.fallback();
      refused += 1;
      return route.fulfill({ status: 403, body: '' });
    });
  await wear(visitor.page);
  await sendFile(agent, 'image', await picture(agent.page));
  await expect.poll(() => isDrawn(visitor.panel.getByRole('img', { name: 'fachada' })), PATIENT).toBe(true);
  expect(refused).toBe(1);
  refused = 0;
  await wear(agent.page);
  await agent.page.reload();
  await expect.poll(() => isDrawn(agent.timeline.getByRole('img', { name: 'fachada' })), PATIENT).toBe(true);
  expect(refused).toBe(1);
});

test('notes carry files that no visitor sees', async ({ people }) => {
  const { visitor, agent } = await talking(world, people, 'Rute Dias');
  await agent.conversation.getByRole('button', { name: t('console.composer.note'), exact: true }).click();
  await choose(agent, 'file', paper(2_000, 'interno.pdf'));
  await expect(chosen(agent)).toHaveCount(1);
  await agent.note.press('Enter');
  await expect(
    agent.timeline.getByRole('link', { name: t('console.files.download', { name: 'interno.pdf' }) }),
  ).toBeVisible();
  await agent.conversation
    .getByRole('button', { name: t('console.composer.reply'), exact: true })
    .first()
    .click();
  await agent.write('Pronto');
  await expect(visitor.bubbles).toHaveText(['Bom dia', 'Pronto']);
});

// P-122
test('the company sets the limits, and a connection takes the visitor their button', async ({ people }) => {
  const agent = await people.agent(world);
  await agent.go('/settings/chat');
  const field = agent.page.getByLabel(t('console.company.fileMb'), { exact: true });
  await expect(field).toHaveValue('50');
  await field.fill('1');
  await agent.button('console.action.save').click();
  await expect(agent.toasts).toContainText(t('console.form.saved'));
  const connection = await world.owner.addWebchat({ settings: { visitor_files: false } });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Bom dia', 'Nina Melo');
  await expect(visitor.field).toBeVisible();
  await expect(visitor.panel.getByRole('button', { name: t('widget.composer.attach'), exact: true })).toHaveCount(0);
  await agent.go();
  await agent.openRow('Nina Melo');
  await choose(agent, 'file', paper(1_000_001));
  await expect(agent.conversation.getByRole('alert')).toContainText(
    t('console.files.tooLarge', { name: 'Comprovante de novembro.pdf', limit: 1 }),
  );
  await world.owner.call('PATCH', '/workspace', { files: { file_mb: 50 } });
});

// P-120: what there is no room for folds into one menu. Pictures of it all for looking at.
test('screens with files, wide and narrow, light and dark', async ({ people }) => {
  test.setTimeout(180_000);
  const { visitor, agent } = await talking(world, people, 'Marina Ribeiro');
  await giveAndSend(visitor, 'image', await picture(visitor.page), 'É desta vitrine que falei');
  await giveAndSend(visitor, 'audio', tone(12));
  await expect(agent.bubbles).toHaveCount(3, PATIENT);
  await sendFile(agent, 'file', paper(340_000), 'Segue o comprovante');
  await sendFile(agent, 'audio', tone(5, 'resposta.wav'));
  await sendFile(agent, 'video', await film(agent.page));
  await expect(visitor.bubbles).toHaveCount(6, PATIENT);
  await expect(agent.tick('read')).toBeVisible();
  await choose(agent, 'image', [await picture(agent.page, { name: 'cardápio.jpg' })]);
  await choose(agent, 'file', [paper(), { ...paper(), name: 'programa.exe' }]);
  await expect(chosen(agent)).toHaveCount(2);
  await show({ page: agent.page, name: 'files-console' });
  await agent.page.setViewportSize({ width: 380, height: 760 });
  await agent.act('console.files.attach').click();
  await expect(agent.page.getByRole('menuitem', { name: t('console.files.sendVideo') })).toBeVisible();
  await expect(agent.act('console.files.sendVideo')).toBeHidden();
  await agent.page.keyboard.press('Escape');

  await give(visitor, 'image', await picture(visitor.page, { name: 'minha foto.jpg' }));
  await give(visitor, 'file', { ...paper(), name: 'Contrato de locação assinado em novembro.pdf' });
  await expect(visitor.panel.getByRole('list', { name: t('widget.file.chosen') }).getByRole('listitem')).toHaveCount(2);
  await show({ page: visitor.page, name: 'files-widget', sizes: [1440, 380] });
});
