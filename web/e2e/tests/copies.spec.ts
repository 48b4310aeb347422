// A copy by e-mail: switched on, asked for in the chat once the conversation has ended, and read in the visitor's mailbox.
import { show } from '../support/pictures';
import { mailAddress, newestMail, servers, setUpMail } from '../support/mail';
import { expect, shopPage, t, test, useWorld } from '../support/test';
import { say } from '../support/team';

const world = useWorld();

//
test('whoever was answered asks for a copy of what they saw and finds it in their mailbox', async ({ people }) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  test.setTimeout(180_000);
  const email = mailAddress('marina', 'exemplo.test');
  await setUpMail(world.owner, mailAddress('suporte', 'loja.test'));
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/chat');
  const on = page.getByRole('switch', { name: t('console.chat.copyByMail') });
  await expect(on).not.toBeChecked();
  await on.check();
  const look = () => on.scrollIntoViewIfNeeded();
  await show({ page, name: '182-copies-settings', sizes: [1440, 380], arrange: look });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.save();

  await ana.go();
  await say(ana, 'online');
  const visitor = await people.visitor(shopPage(world, connection));
  const { panel } = visitor;
  const offer = panel.getByRole('button', { name: t('widget.copy.offer') });
  await visitor.start('Quero um bolo de milho', 'Marina Ribeiro');
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await ana.write('Para que dia?');
  await expect(panel.getByText('Para que dia?', { exact: true })).toBeVisible();
  await expect(offer).toHaveCount(0);
  await ana.act('console.conversation.close').click();
  await expect(offer).toBeVisible();
  await show({ page: visitor.page, name: '183-copy-offered', sizes: [1440, 380] });
  await offer.click();
  const field = panel.getByLabel(t('widget.copy.where'));
  await expect(field).toBeFocused();
  await field.fill('marina');
  await field.press('Enter');
  await expect(panel.getByText(t('widget.copy.invalid'))).toBeVisible();
  await expect(field).toBeFocused();
  await show({ page: visitor.page, name: '184-copy-asked', sizes: [1440, 380] });
  await field.fill(email);
  await panel.getByRole('button', { name: t('widget.copy.send') }).click();
  const address = 'm•••@exemplo.test';
  await expect(panel.getByText(t('widget.copy.sent', { address }))).toBeVisible();
  await show({ page: visitor.page, name: '185-copy-sent', sizes: [1440, 380] });
  const text = await newestMail(email);
  expect(text).toContain(`${t('widget.chat.you')}:\n  Quero um bolo de milho`);
  expect(text).toContain('Para que dia?');
  // Who goes on is offered none until the next end.
  await visitor.write('Para sábado');
  await expect(panel.locator('.by-mail')).toHaveCount(0);
});

//
test('a known address is confirmed, beside the survey', async ({ people }) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  const email = mailAddress('renata', 'exemplo.test');
  await setUpMail(world.owner, mailAddress('suporte', 'loja.test'));
  await world.owner.call('PATCH', '/workspace', { copy_by_mail: true, survey: { is_on: true } });
  const connection = await world.owner.addWebchat({ settings: { ask_email: true } });
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const visitor = await people.visitor(shopPage(world, connection));
  const { panel } = visitor;
  await visitor.openPanel();
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await panel.getByLabel(t('widget.form.name')).fill('Renata Dias');
  await panel.getByLabel(t('widget.form.email')).fill(email);
  await panel.getByLabel(t('widget.form.message')).fill('Vocês entregam hoje?');
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await ana.openRow('Renata Dias');
  await ana.act('console.conversation.take').click();
  await ana.write('Entregamos, até as 18 h.');
  await ana.act('console.conversation.close').click();
  await panel.getByRole('button', { name: t('widget.copy.offer') }).click();
  const address = 'r•••@exemplo.test';
  await expect(panel.getByText(t('widget.copy.to', { address }))).toBeVisible();
  await expect(panel.getByLabel(t('widget.copy.where'))).toHaveCount(0);
  await expect(panel.getByRole('form', { name: t('widget.survey.question') })).toBeVisible();
  await show({ page: visitor.page, name: '186-copy-confirmed', sizes: [1440, 380] });
  await panel.getByRole('button', { name: t('widget.copy.send') }).click();
  await expect(panel.getByText(t('widget.copy.sent', { address }))).toBeVisible();
  expect(await newestMail(email)).toContain('Entregamos, até as 18 h.');
});
