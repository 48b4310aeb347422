// The chat on a company's site in both themes: no axe violation, and pictures for looking at.
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { show } from '../support/pictures';

test.describe.configure({ timeout: 240_000 });

const world = useWorld();

test('the chat: launcher, home, form, conversation', async ({ people }) => {
  const connection = await world.owner.addWebchat({
    settings: {
      colour: '#c2410c',
      call_to_action: 'Precisa de ajuda para escolher o bolo?',
      ask_email: true,
      whatsapp: '(31) 98765-4321',
      telegram: '@vilaclara',
    },
  });
  const ana = await people.agent(world);
  await ana.go();
  const visitor = await people.visitor(shopPage(world, connection));
  const { page, panel } = visitor;
  await expect(visitor.launcher).toBeVisible();
  await show({ page, name: '60-widget-launcher' });
  await visitor.openPanel();
  await show({ page, name: '61-widget-home' });
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(panel.getByText(t('widget.form.name_required'))).toBeVisible();
  await show({ page, name: '62-widget-form' });
  await panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await panel.getByLabel(t('widget.form.email')).fill('marina@exemplo.com.br');
  await panel.getByLabel(t('widget.form.message')).fill('Oi, bom dia! Vocês fazem bolo de casamento em três andares?');
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(panel.getByText(t('widget.chat.position', { position: 1 }))).toBeVisible();
  await show({ page, name: '63-widget-queue' });
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await ana.write(
    'Bom dia, Marina. Fazemos sim. Veja os modelos em https://vilaclara.com.br/bolos/casamento/tres-andares-com-flores-naturais',
  );
  await expect(visitor.bubbles).toHaveCount(2);
  await visitor.write('Que lindos! 😍');
  await ana.reply.pressSequentially('Para que dia?');
  await expect(panel.locator('.typing')).toBeVisible();
  await show({ page, name: '64-widget-conversation' });
  await panel.getByRole('button', { name: t('widget.composer.emoji') }).click();
  await show({ page, name: '65-widget-emoji', sizes: [1440, 380] });
  await panel.getByRole('button', { name: t('widget.composer.emoji') }).click();
  await panel.getByRole('button', { name: t('widget.chat.menu') }).click();
  await show({ page, name: '66-widget-menu', sizes: [1440, 380] });
  await panel.getByRole('button', { name: t('widget.more.end'), exact: true }).click();
  await show({ page, name: '67-widget-ending', sizes: [1440, 380] });
  await panel.getByRole('button', { name: t('widget.more.end_confirm'), exact: true }).click();
  await expect(panel.getByText(t('widget.chat.closed'))).toBeVisible();
  await show({ page, name: '68-widget-closed' });
  await panel.getByRole('button', { name: t('widget.chat.back') }).click();
  await show({ page, name: '69-widget-home-closed', sizes: [1440, 380] });
});

test('the chat with nobody online, and as a page of its own', async ({ people }) => {
  await world.owner.say('offline');
  const connection = await world.owner.addWebchat({ settings: { colour: '#f2c94c', position: 'left' } });
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await show({ page: visitor.page, name: '70-widget-offline', sizes: [1440, 380] });
  const popup = await people.visitor(connection.install.popup_url);
  await expect(popup.page.locator('.screen')).toBeVisible();
  await show({ page: popup.page, name: '71-popup' });
});
