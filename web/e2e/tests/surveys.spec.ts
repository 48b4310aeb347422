// The satisfaction survey: switched on, asked in the chat when a conversation ends, read beside it.
import { violations } from '../support/axe';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld, visit } from '../support/test';
import { say } from '../support/team';

const world = useWorld();

// T-180 to T-183
test('a company asks how it was, a visitor answers once, and the team reads it', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/chat');
  const on = page.getByRole('switch', { name: t('console.survey.isOn') });
  await on.check();
  await on.scrollIntoViewIfNeeded();
  await show({ page, name: '85-survey-settings', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await page.getByRole('tab', { name: t('console.chat.messages') }).click();
  await page.getByRole('textbox', { name: t('console.survey.question') }).fill('Como foi falar com a padaria?');
  await ana.button('console.action.save').click();
  await expect(ana.page.getByText(t('console.form.changed.one'))).toHaveCount(0);

  await ana.go();
  await say(ana, 'online');
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Quero um bolo', 'Marina Ribeiro');
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await ana.write('De que sabor?');
  await expect(visitor.panel.getByText('De que sabor?', { exact: true })).toBeVisible();
  const survey = visitor.panel.getByRole('form', { name: 'Como foi falar com a padaria?' });
  await expect(survey).toHaveCount(0);
  await ana.act('console.conversation.close').click();
  await expect(survey).toBeVisible();
  const send = survey.getByRole('button', { name: t('widget.survey.send') });
  await expect(send).toBeDisabled();
  await expect(survey.getByRole('radio')).toHaveCount(5);
  await survey.getByRole('radio', { name: '4', exact: true }).check();
  await survey.getByLabel(t('widget.survey.comment')).fill('Rápido e gentil');
  await visitor.page.screenshot({ path: 'screenshots/86-survey-1440-light.png' });
  expect(await violations(visitor.page)).toEqual([]);
  await send.click();
  await expect(visitor.panel.getByText(t('widget.survey.thanks'))).toBeVisible();

  const pane = page.getByRole('complementary', { name: t('console.context.title') });
  await expect(pane.getByText(t('console.keep.grade', { grade: 4, highest: 5 }))).toBeVisible();
  await expect(pane.getByText('Rápido e gentil')).toBeVisible();
  await show({ page, name: '87-rating', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  // Back on the site it is asked no more; a new conversation that nobody took asks nothing.
  await visitor.page.reload();
  await visitor.openPanel();
  await expect(survey).toHaveCount(0);
});

// T-183
test('it can be left out', async ({ people }) => {
  await world.owner.call('PATCH', '/workspace', { survey: { is_on: true, lowest: 0, highest: 10, question: '' } });
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Bom dia', 'Igor Nunes');
  await ana.openRow('Igor Nunes');
  await ana.act('console.conversation.take').click();
  await ana.write('Bom dia, Igor.');
  await expect(visitor.panel.getByText('Bom dia, Igor.', { exact: true })).toBeVisible();
  await ana.act('console.conversation.close').click();
  const survey = visitor.panel.getByRole('form', { name: t('widget.survey.question') });
  await expect(survey.getByRole('radio')).toHaveCount(11);
  await survey.getByRole('button', { name: t('widget.survey.skip') }).click();
  await expect(survey).toHaveCount(0);
  const pane = ana.page.getByRole('complementary', { name: t('console.context.title') });
  await expect(pane.getByText(t('console.context.ratingSkipped'))).toBeVisible();
  // Whoever writes on writes on, as ever.
  await visitor.write('Esqueci de perguntar uma coisa');
  await expect(ana.bubbles.last()).toHaveText('Esqueci de perguntar uma coisa');
});

// T-183
test('a manager sends the link, and whoever opens it answers once without an account', async ({ people }) => {
  await world.owner.call('PATCH', '/workspace', { survey: { is_on: true, lowest: 1, highest: 5, question: '' } });
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await ana.go();
  await say(ana, 'online');
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Vocês entregam hoje?', 'Renata Dias');
  await ana.openRow('Renata Dias');
  await ana.act('console.conversation.take').click();
  await ana.write('Entregamos, até as 18 h.');
  await ana.act('console.conversation.close').click();
  const pane = ana.page.getByRole('complementary', { name: t('console.context.title') });
  await ana.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await pane.getByRole('button', { name: t('console.survey.link') }).click();
  await expect(ana.toasts.getByText(t('console.survey.linkCopied'))).toBeVisible();
  await show({ page: ana.page, name: '88-survey-link', sizes: [1440] });
  const address = await ana.page.evaluate(() => navigator.clipboard.readText());
  expect(address).toContain(`${world.program.origin}/survey#`);

  const context = await people.browser('Renata', { baseURL: world.program.origin });
  const page = await visit(context, address);
  const send = page.getByRole('button', { name: t('console.survey.send') });
  await expect(page.getByRole('heading', { name: t('console.survey.asked') })).toBeVisible();
  await expect(send).toBeDisabled();
  await expect(page.getByRole('radio')).toHaveCount(5);
  await page.getByRole('radio', { name: '5', exact: true }).focus();
  await page.keyboard.press('Space');
  await page.keyboard.press('ArrowLeft');
  await expect(page.getByRole('radio', { name: '4', exact: true })).toBeChecked();
  await page.getByLabel(t('console.survey.comment')).fill('Chegou na hora');
  await show({ page, name: '89-survey-page', sizes: [1440, 380] });
  await send.click();
  await expect(page.getByRole('heading', { name: t('console.survey.thanks') })).toBeVisible();
  await show({ page, name: '89-survey-thanks', sizes: [1440, 380] });
  await expect(pane.getByText(t('console.keep.grade', { grade: 4, highest: 5 }))).toBeVisible();
  await expect(pane.getByText('Chegou na hora')).toBeVisible();

  await page.reload();
  await expect(page.getByText(t('console.survey.overText'))).toBeVisible();
  await page.goto('/survey#x');
  await page.reload();
  await expect(page.getByText(t('console.survey.unknownText'))).toBeVisible();
});
