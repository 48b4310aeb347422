// A company that asks for consent: before a message is left while nobody is online, and where it began to ask while somebody was away.
import { violations } from '../support/axe';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import type { Visitor } from '../support/visitor';

const world = useWorld();

const ask = (consent: string) =>
  world.owner.call('PATCH', '/workspace', { privacy: { consent, consent_text: 'Guardamos por dois anos.' } });

const head = (visitor: Visitor, key: string) => visitor.panel.getByRole('heading', { name: t(key) });
const press = (visitor: Visitor, key: string) => visitor.panel.getByRole('button', { name: t(key) }).click();

/** They are alone: no two screens stand together. */
const screens = (visitor: Visitor) => visitor.panel.locator('.screen');

// X-020, T-150
test('with nobody online a visitor agrees, leaves a message, and can turn back before', async ({ people }) => {
  await ask('required');
  await world.owner.say('offline');
  const connection = await world.owner.addWebchat({ settings: { when_offline: 'message' } });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await press(visitor, 'widget.home.start');
  await expect(head(visitor, 'widget.privacy.title')).toBeVisible();
  await press(visitor, 'widget.chat.back');
  await expect(visitor.panel.getByRole('button', { name: t('widget.home.start') })).toBeVisible();
  await expect(screens(visitor)).toHaveCount(1);
  await press(visitor, 'widget.home.start');
  await press(visitor, 'widget.privacy.agree');
  await expect(head(visitor, 'widget.offline.title')).toBeVisible();
  await expect(screens(visitor)).toHaveCount(1);
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Célia Prado');
  await visitor.panel.getByLabel(t('widget.form.email')).fill('celia@exemplo.test');
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Liguem quando abrirem');
  await press(visitor, 'widget.offline.send');
  await expect(visitor.panel.getByText(t('widget.offline.sent'))).toBeVisible();
  const { items } = await world.owner.call<{ items: { name: string }[] }>('GET', '/offline-messages');
  expect(items).toMatchObject([{ name: 'Célia Prado' }]);
});

//
test('who comes back after the company began to ask agrees with the message they have written', async ({ people }) => {
  await ask('off');
  await world.owner.say('online');
  const connection = await world.owner.addWebchat();
  // One stays on the page, which knows nothing of it; the other comes anew.
  for (const isAnew of [false, true]) {
    const name = isAnew ? 'Rui Castro' : 'Joana Prado';
    await ask('off');
    const visitor = await people.visitor(shopPage(world, connection));
    await visitor.start('Bom dia', name);
    const { id } = await world.owner.waiting(name);
    await world.owner.call('POST', `/conversations/${id}/close`);
    await expect(visitor.field).toHaveAttribute('placeholder', t('widget.composer.placeholder_closed'));
    await ask('required');
    if (isAnew) {
      await visitor.page.reload();
      await visitor.panel.getByRole('button', { name: t('widget.home.conversation_closed') }).click();
    }
    await visitor.write('Voltei com outra dúvida');
    const form = visitor.panel.locator('form.screen');
    await expect(form.getByText('Guardamos por dois anos.')).toBeVisible();
    await expect(form.getByLabel(t('widget.form.message'))).toHaveValue('Voltei com outra dúvida');
    expect(await violations(visitor.page)).toEqual([]);
    await visitor.page.screenshot({
      path: `screenshots/118-consent-in-form-${isAnew ? 'anew' : 'stays'}-1440-light.png`,
    });
    await press(visitor, 'widget.privacy.agree');
    await visitor.expectMark('sent');
    await world.owner.waiting(name);
    await visitor.page.context().close();
  }
});
