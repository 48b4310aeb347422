// How a chat looks, seen before it is saved and on the site; and what the site's Google tag is told of it.
import { violations } from '../support/axe';
import { picture } from '../support/media';
import { show } from '../support/pictures';
import { strictPolicy } from '../support/site';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { openShadowRoots, Visitor } from '../support/visitor';

const world = useWorld();

/** How a part of the launcher is drawn. */
const shape = ({ launcher }: Visitor, pseudo: string, property: string) =>
  launcher.evaluate((button, [name, what]) => getComputedStyle(button, name).getPropertyValue(what), [
    pseudo,
    property,
  ] as [string, string]);

// D-041 to D-048
test('icon, pictures and colours are seen in the chat itself before they are saved, and on the site after', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ settings: { greeting: 'Bem-vindo' } });
  const address = shopPage(world, connection);
  const ana = await people.agent(world);
  const { page } = ana;
  await openShadowRoots(page.context());
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.go(`/settings/connections/${connection.id}`);
  const seen = page.frameLocator(`iframe[title="${t('console.webchat.preview')}"]`).last();
  const panel = seen.frameLocator('iframe[title=Chat]');
  await expect(panel.getByRole('heading', { name: 'Bem-vindo' })).toBeVisible();

  // What is typed is seen without being saved.
  await page.getByLabel(t('console.webchat.greeting'), { exact: true }).fill('Bom dia, vizinho');
  await expect(panel.getByRole('heading', { name: 'Bom dia, vizinho' })).toBeVisible();
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(panel.getByLabel(t('widget.form.name'))).toBeVisible();

  // A text that could not be read is refused with its contrast.
  await page.getByLabel(t('console.webchat.colour'), { exact: true }).fill('#ff9900');
  await page.getByLabel(t('console.webchat.ink'), { exact: true }).fill('#ffffff');
  await page.getByLabel(t('console.webchat.ink'), { exact: true }).blur();
  await expect(page.getByText(t('console.webchat.inkFaint'))).toBeVisible();
  await ana.button('console.action.save').click();
  await expect(page.getByText(t('error.contrast_low', { ratio: '2,1' }))).toBeVisible();
  await page.getByLabel(t('console.webchat.ink'), { exact: true }).fill('');

  await page.getByRole('radio', { name: t('console.webchat.icon.headset') }).check();
  const logo = page.getByRole('group', { name: t('console.webchat.logo') });
  await logo.locator('input[type=file]').setInputFiles({
    name: 'logo.svg',
    mimeType: 'image/svg+xml',
    buffer: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
  });
  await expect(page.getByText(t('error.picture_invalid'))).toBeVisible();
  await logo.locator('input[type=file]').setInputFiles(await picture(page, { width: 300, height: 300 }));
  await expect(logo.locator('img')).toBeVisible();
  await expect(panel.locator('.tile img')).toBeVisible();
  await show({ page, name: '27-connection-looks' });
  await page.setViewportSize({ width: 1440, height: 900 });
  expect(await violations(page)).toEqual([]);

  await page.getByRole('button', { name: t('console.webchat.previewClose') }).click();
  await expect(seen.locator('.launcher')).toHaveAttribute('aria-expanded', 'false');
  await page.getByRole('tab', { name: t('console.webchat.previewPhone') }).click();
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();

  const marina = await people.visitor(address);
  expect(await shape(marina, '::before', 'clip-path')).toContain('path(');
  // A square of 24, all of it border, in the middle of the button.
  for (const property of ['width', 'height']) expect(await shape(marina, '::before', property)).toBe('0px');
  expect(await shape(marina, '::before', 'border-top-width')).toBe('12px');
  expect(await shape(marina, '::before', 'color')).toBe('rgb(0, 0, 0)');
  await marina.openPanel();
  await expect(marina.panel.locator('.tile img')).toBeVisible();

  // A picture instead of the icon. It is still on its way when the form is saved, and goes with it.
  let arrive = () => {};
  const arriving = new Promise<void>((resolve) => (arrive = resolve));
  await page.route('**/api/pictures', async (route) => {
    await arriving;
    await route.continue();
  });
  await page
    .getByRole('group', { name: t('console.webchat.iconPicture') })
    .locator('input[type=file]')
    .setInputFiles(await picture(page, { width: 300, height: 300 }));
  await logo.getByRole('button', { name: t('console.pictures.remove') }).click();
  await expect(logo.locator('img')).toHaveCount(0);
  await ana.button('console.action.save').click();
  await expect(ana.button('console.action.save')).toHaveAttribute('aria-busy', 'true');
  arrive();
  await expect.poll(async () => (await world.owner.connection(connection.id)).settings.icon_picture).toBeTruthy();
  // A site with a policy lets pictures come from here, or shows the icon.
  const { origin } = world.program;
  const policy = strictPolicy(origin).replace("img-src 'self'", `img-src 'self' ${origin}`);
  const igor = await people.visitor(shopPage(world, connection, { path: '/fotos', policy }));
  await expect(igor.launcher).toBeVisible();
  expect(await shape(igor, '::after', 'background-image')).toContain('/pictures/');
});

// D-009 to D-011, T-029
test('the site’s tag and its own scripts are told what happens with the chat, and nothing of what is said', async ({
  people,
}) => {
  await world.owner.say('online');
  const connection = await world.owner.addWebchat({ settings: { google_tag: 'G-AB12CD34EF' } });
  const marina = await people.visitor(shopPage(world, connection, { path: '/com-tag' }));
  await marina.start('Meu CPF é 123', 'Marina Ribeiro');
  await marina.write('E meu endereço, Rua das Flores');
  await expect(marina.bubbles).toHaveCount(2);
  await marina.expectMark('sent');
  await marina.launcher.click();
  const told = await marina.page.evaluate(() =>
    ((window as { dataLayer?: ArrayLike<unknown>[] }).dataLayer ?? []).map((one) => Array.from(one)),
  );
  const names = told.map(([, name]) => name);
  for (const name of ['show', 'open', 'start', 'message', 'close']) expect(names).toContain(`balcao_${name}`);
  expect(names.filter((name) => name === 'balcao_start')).toHaveLength(1);
  expect(told.every(([verb]) => verb === 'event')).toBe(true);
  expect(told[0]?.[2]).toEqual({ send_to: 'G-AB12CD34EF', balcao_chat: connection.code });
  expect(JSON.stringify(told)).not.toMatch(/CPF|Flores|Marina/u);
  // The site has its own tag: none of ours is loaded into it.
  expect(await marina.page.locator('script[src*=googletagmanager]').count()).toBe(0);

  // A page of its own has none, so the company's is loaded there.
  const context = await people.browser('Nara');
  const page = await context.newPage();
  const asked: string[] = [];
  await page.route('https://www.googletagmanager.com/**', async (route) => {
    asked.push(route.request().url());
    await route.fulfill({ contentType: 'text/javascript', body: '' });
  });
  await page.goto(connection.install.popup_url);
  const nara = new Visitor(page, true);
  await nara.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await nara.panel.getByLabel(t('widget.form.name')).fill('Nara');
  await nara.panel.getByLabel(t('widget.form.message')).fill('Oi');
  await nara.panel.getByRole('button', { name: t('widget.form.send') }).click();
  await nara.expectTexts(['Oi']);
  expect(asked).toEqual(['https://www.googletagmanager.com/gtag/js?id=G-AB12CD34EF']);
  const heard = () =>
    page.evaluate(() =>
      ((window as { dataLayer?: ArrayLike<unknown>[] }).dataLayer ?? []).map((one) => String(Array.from(one)[1])),
    );
  await expect.poll(heard).toContain('balcao_message');
});

// D-044, D-045
test('a photo taken upright is cropped to a square, and a wide logo is shown whole', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go();
  const add = async (width: number, height: number): Promise<string> => {
    const { buffer, mimeType } = await picture(ana.page, { width, height });
    const headers = { 'content-type': mimeType };
    const answer = await ana.page.context().request.post('/api/pictures', { headers, data: buffer });
    return ((await answer.json()) as { id: string }).id;
  };
  const [logo, agent_picture] = [await add(400, 100), await add(200, 260)];
  const connection = await world.owner.addWebchat({ settings: { logo, agent_picture } });
  const visitor = await people.visitor(shopPage(world, connection, { path: '/retratos' }));
  await visitor.openPanel();
  const image = visitor.panel.locator('header .tile img');
  const box = () =>
    image.evaluate((one) => [one.clientWidth, one.clientHeight, getComputedStyle(one).objectFit].join(' '));
  await expect.poll(box).toBe('96 40 contain');
  await visitor.start('Bom dia', 'Célia Prado');
  await expect.poll(box).toBe('96 40 contain');
  await ana.openRow('Célia Prado');
  await ana.act('console.conversation.take').click();
  await expect(visitor.panel.getByRole('heading', { name: 'Ana Souza' })).toBeVisible();
  await expect.poll(box).toBe('40 40 cover');
});
