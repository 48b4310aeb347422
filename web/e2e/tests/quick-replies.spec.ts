// Quick replies: kept by who manages, called by a slash while replying.
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';

test.describe.configure({ timeout: 150_000 });

const world = useWorld();

// P-142
test('an administrator keeps the quick replies beside the messages of the chat', async ({ people }) => {
  await world.owner.addDepartment('Financeiro');
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/chat');
  await page.getByRole('tab', { name: t('console.chat.messages') }).click();
  await expect(page.getByText('/ola', { exact: true })).toBeVisible();
  await ana.button('console.quickReplies.add').click();
  await page.getByLabel(t('console.quickReplies.shortcut'), { exact: true }).fill('segunda via');
  await page.getByLabel(t('console.quickReplies.replyText'), { exact: true }).fill('Olá, {nome}! Segue a segunda via.');
  await ana.button('console.action.save').click();
  await expect(ana.dialog.getByText(/segunda-via/)).toBeVisible();
  await expect(ana.dialog.getByText(/\{customer_name\}/).last()).toBeVisible();
  await show({ page, name: '150-quick-reply-dialog', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByLabel(t('console.quickReplies.shortcut'), { exact: true }).fill('/segunda-via');
  await page
    .getByLabel(t('console.quickReplies.replyText'), { exact: true })
    .fill('{greeting}, {customer_name}! Segue a segunda via do boleto.\nProtocolo {protocol}');
  await ana.button('console.action.save').click();
  const row = page.getByRole('listitem').filter({ hasText: '/segunda-via' });
  await expect(row).toContainText('{greeting}');
  await show({ page, name: '151-quick-replies', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  // Deleting is undone rather than asked about.
  const added = page.getByRole('listitem').filter({ hasText: '/mais' });
  await ana.choose(added.getByRole('button'), t('console.action.delete'));
  await expect(added).toHaveCount(0);
  await ana.toasts.getByRole('button', { name: t('console.action.undo') }).click();
  await expect(added).toBeVisible();
  await ana.seek('atalhos');
  await expect(
    page
      .getByRole('dialog')
      .getByRole('option')
      .filter({ hasText: t('console.quickReplies.title') }),
  ).toBeVisible();
});

// P-091, P-143, P-144, X-009
test('a slash in the reply calls one, it can be changed, and an unknown one is sent as typed', async ({ people }) => {
  const text = '{greeting}, {customer_name}! Entregamos hoje.\nProtocolo {protocol}';
  await world.owner.call('POST', '/quick-replies', { shortcut: 'entrega', text });
  const connection = await world.owner.addWebchat();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.start('Preciso do boleto', 'Marina Ribeiro');
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go();
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await expect(ana.reply).toBeFocused();
  const list = page.getByRole('listbox', { name: t('console.quickReplies.title') });
  await page.keyboard.type('/');
  await expect(list.getByRole('option').filter({ hasText: '/entrega' })).toBeVisible();
  await expect(list.getByRole('option').first()).toHaveAttribute('aria-selected', 'true');
  await show({ page, name: '152-quick-reply-list', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.type('entr');
  await expect(list.getByRole('option')).toHaveCount(1);
  await expect(list).toContainText('Marina Ribeiro');
  await page.keyboard.press('Enter');
  await expect(list).toHaveCount(0);
  await expect(ana.reply).toHaveValue(
    /^(Bom dia|Boa tarde|Boa noite), Marina Ribeiro! Entregamos hoje\.\nProtocolo [\d-]+/,
  );
  // It was not sent: what is written on goes behind it.
  await page.keyboard.type('. Até mais');
  await page.keyboard.press('Enter');
  await expect(visitor.panel.getByText(/Entregamos hoje\.\s+Protocolo [\d-]+\. Até mais/).first()).toBeVisible();

  await page.keyboard.type('/planos');
  await expect(list).toHaveCount(0);
  await page.keyboard.press('Enter');
  await expect(visitor.panel.getByText('/planos', { exact: true }).first()).toBeVisible();

  // The button calls the list in the middle of a sentence; Esc lets it be, and what the button has put there goes.
  await page.keyboard.type('Um');
  await ana.button('console.quickReplies.open').click();
  await expect(ana.reply).toHaveValue('Um /');
  await page.keyboard.press('Escape');
  await expect(list).toHaveCount(0);
  await expect(ana.reply).toBeFocused();
  await expect(ana.reply).toHaveValue('Um');
  await page.keyboard.type(' /mom');
  await list.getByRole('option').filter({ hasText: '/momento' }).click();
  await expect(ana.reply).toHaveValue('Um Um momento, por favor. Já estou verificando.');
  await expect(ana.reply).toBeFocused();
  // What somebody else changes is there the next time.
  const { items } = await world.owner.call<{ items: { id: string; shortcut: string }[] }>('GET', '/quick-replies');
  const moment = items.find(({ shortcut }) => shortcut === 'momento');
  await world.owner.call('PATCH', `/quick-replies/${moment?.id}`, { text: 'Só um instante.' });
  await ana.reply.fill('');
  await page.keyboard.type('/mom');
  await expect(list).toContainText('Só um instante.');
  await page.keyboard.press('Tab');
  await expect(ana.reply).toHaveValue('Só um instante.');
});
