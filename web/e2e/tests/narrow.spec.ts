// The chat where there is little room: the narrowest phones, and pages that are magnified.
import { picture } from '../support/media';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();
const NAME = 'Atendimento da Panificadora e Confeitaria Vila Clara de BH';

// Playwright's recording of a page fetches its local pictures, which our policy forbids to everybody.
test.beforeEach(({ faults }) => faults.allow(/connect-src.*blob:|'blob:[^]*connect-src|connect-src blocked blob/));

test('with long names nothing is wider than the narrowest phone, and what was said last stays in sight', async ({
  people,
}) => {
  const connection = await world.owner.addWebchat({ settings: { plugin_name: NAME } });
  const visitor = await people.visitor(shopPage(world, connection), { viewport: { width: 380, height: 760 } });
  const { page, panel } = visitor;
  await visitor.start('Segue a foto da fachada');
  for (const text of ['Tem alguém aí?', 'a'.repeat(200), 'https://exemplo.com.br/' + 'caminho-'.repeat(12)]) {
    await visitor.write(text);
  }
  const attach = panel.getByRole('button', { name: t('widget.composer.attach'), exact: true });
  await attach.click();
  await panel.locator('input[type=file][data-kind=image]').setInputFiles(await picture(page));
  await visitor.write('Esta');
  await visitor.expectMark('sent');
  await world.owner.say('offline');
  const isInSight = () => expect(visitor.mark).toBeInViewport({ ratio: 1 });
  await isInSight();
  const isWide = () => panel.locator('main').evaluate((main) => main.scrollWidth > main.clientWidth);
  for (const size of [
    { width: 320, height: 568 },
    { width: 640, height: 400 },
    { width: 380, height: 760 },
    { width: 320, height: 568 },
  ]) {
    await page.setViewportSize(size);
    await isInSight();
    expect(await isWide(), `${size.width}`).toBe(false);
  }
  await panel.getByRole('button', { name: t('widget.chat.back') }).click();
  const own = panel.getByRole('button', { name: t('widget.home.conversation') });
  await expect(own).toBeVisible();
  expect(await isWide()).toBe(false);
  await expect(own.locator('small').nth(1)).toBeInViewport({ ratio: 1 });
});
