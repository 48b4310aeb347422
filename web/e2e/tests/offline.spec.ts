// A message left while nobody is online, its reply by e-mail into a real mailbox, and the customer's answer back in the console.
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { violations } from '../support/axe';
import { deliver, mailAddress, mails, servers } from '../support/mail';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

// T-150 to T-156
test('a customer leaves a message, is answered by e-mail, and answers back', async ({ people }) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  test.setTimeout(180_000);
  const company = mailAddress('suporte', 'loja.test');
  const customer = mailAddress('marina', 'exemplo.test');
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const { page } = ana;
  await world.owner.say('offline');

  await ana.go('/settings/mail');
  await page.getByLabel(t('console.mail.fromAddress')).fill(company);
  const [smtp, imap] = [
    page.locator('section', { hasText: t('console.mail.smtp') }),
    page.locator('section', { hasText: t('console.mail.imap') }),
  ];
  for (const [section, port] of [
    [smtp, servers.smtp!],
    [imap, servers.imaps!],
  ] as const) {
    await section.getByLabel(t('console.mail.host'), { exact: true }).fill('localhost');
    await section.getByLabel(t('console.mail.port')).fill(port);
    await section.getByLabel(t('console.mail.user')).fill(company);
    await section.getByLabel(t('console.mail.password'), { exact: true }).fill('errada');
  }
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.fault.login_refused'))).toBeVisible();
  for (const section of [smtp, imap])
    await section.getByLabel(t('console.mail.password'), { exact: true }).fill('segredo');
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.sendingWorks'))).toBeVisible();
  await imap.getByRole('button', { name: t('console.mail.testFetching') }).click();
  await expect(imap.getByText(t('console.mail.fetchingWorks'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '90-mail-settings', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.form.saved'))).toBeVisible();
  await expect(smtp.getByText(t('console.mail.passwordKept'))).toBeVisible();

  await ana.go('/offline-messages');
  await expect(page.getByText(t('console.offline.empty'))).toBeVisible();
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(visitor.panel.getByRole('heading', { name: t('widget.offline.title') })).toBeVisible();
  await expect(visitor.panel.getByText(t('widget.offline.answer'))).toBeVisible();
  await visitor.panel.getByRole('button', { name: t('widget.offline.send') }).click();
  await expect(visitor.panel.getByText(t('widget.form.email_required'))).toBeVisible();
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await visitor.panel.getByLabel(t('widget.form.email')).fill(customer);
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Quero a segunda via do boleto');
  expect(await violations(visitor.page)).toEqual([]);
  await visitor.page.screenshot({ path: 'screenshots/91-offline-form-1440-light.png' });
  await visitor.panel.getByRole('button', { name: t('widget.offline.send') }).click();
  await expect(visitor.panel.getByText(t('widget.offline.sent_text', { email: customer }))).toBeVisible();
  await visitor.page.screenshot({ path: 'screenshots/92-offline-sent-1440-light.png' });

  const row = page.getByRole('row', { name: /Marina Ribeiro/ });
  await expect(row).toContainText('Quero a segunda via do boleto');
  await expect(row).toContainText(t('console.offline.new'));
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '93-offline-list', sizes: [1440, 1024, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await row.getByRole('link').click();
  await page.getByRole('textbox', { name: t('console.offline.reply') }).fill('Olá, Marina. A segunda via segue aqui.');
  await page.getByRole('button', { name: t('console.offline.send') }).click();
  await expect(page.getByText(t('console.offline.mailSent'))).toBeVisible();
  await expect.poll(async () => (await mails(customer)).length).toBe(1);
  const [mail] = await mails(customer);
  const id = /^Message-ID: (<.+>)$/im.exec(mail!.replaceAll('\r', ''))![1];
  // Once the mailbox has been read for the first time, what comes is an answer.
  await expect
    .poll(async () => ((await world.owner.call('GET', '/mail')) as { fetching: { at: string | null } }).fetching.at, {
      timeout: 40_000,
    })
    .not.toBeNull();
  const text = 'Chegou, obrigada!\n\nEm seg., 30 de nov. de 2026, Loja <a@loja.test> escreveu:\n> Olá, Marina.';
  const head = `From: Marina <${customer}>\nTo: <${company}>\nMessage-ID: <${mailAddress('m', 'exemplo.test')}>\nSubject: Re: oi\n`;
  const mime = 'MIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\n';
  await deliver(customer, company, `${head}In-Reply-To: ${id}\n${mime}\n${text}`);
  const answer = page.getByRole('listitem').filter({ hasText: 'Chegou, obrigada!' });
  await expect(answer).toBeVisible({ timeout: 60_000 });
  await expect(answer).not.toContainText('> Olá');
  await answer.getByRole('button', { name: t('console.offline.showQuoted') }).click();
  await expect(answer).toContainText('> Olá, Marina.');
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '94-offline-message', sizes: [1440, 380] });
});

// T-152, T-156: files go with a reply; what came back for a slip in the address is sent again to the right one, with them.
test('a reply with a file comes back, and goes to the corrected address', async ({ people }) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  test.setTimeout(120_000);
  const company = mailAddress('suporte', 'loja.test');
  const customer = mailAddress('igor', 'exemplo.test');
  const { version } = await world.owner.call<{ version: number }>('GET', '/mail');
  const smtp = { host: 'localhost', port: Number(servers.smtp), security: 'starttls', user: company };
  const form = { settings: { from_address: company, smtp }, smtp_password: 'segredo' };
  await world.owner.call('PATCH', '/mail', form, { 'if-match': `"${version}"` });
  const connection = await world.owner.addWebchat({ settings: { when_offline: 'message' } });
  const ana = await people.agent(world);
  const { page } = ana;
  await world.owner.say('offline');
  const visitor = await people.visitor(shopPage(world, connection, { path: '/arquivo' }));
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Igor Nunes');
  await visitor.panel.getByLabel(t('widget.form.email')).fill('igor@fora.test');
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Vocês têm a tabela de preços?');
  await visitor.panel.getByRole('button', { name: t('widget.offline.send') }).click();
  await expect(visitor.panel.getByText(t('widget.offline.sent_text', { email: 'igor@fora.test' }))).toBeVisible();

  await ana.go('/offline-messages');
  await page
    .getByRole('row', { name: /Igor Nunes/ })
    .getByRole('link')
    .click();
  await page.getByRole('textbox', { name: t('console.offline.reply') }).fill('Olá, Igor. Segue a tabela.');
  const chooser = page.getByLabel(t('console.offline.attach'), { exact: true });
  const send = page.getByRole('button', { name: t('console.offline.send') });
  await expect(page.getByText(t('console.offline.filesHint', { limit: 15 }))).toBeVisible();
  // Said before anything is sent.
  const folder = await mkdtemp(join(tmpdir(), 'balcao-e2e-'));
  const large = ['catálogo.zip', 'fotos.zip'].map((name) => join(folder, name));
  for (const path of large) await writeFile(path, Buffer.alloc(9_000_000, 7));
  await chooser.setInputFiles(large);
  await expect(page.getByRole('alert')).toContainText('15 MB');
  await expect(send).toBeDisabled();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '95-offline-too-large', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  for (const name of ['catálogo.zip', 'fotos.zip'])
    await page.getByRole('button', { name: t('console.files.remove', { name }) }).click();
  await rm(folder, { recursive: true });
  const table = { name: 'tabela de preços.csv', mimeType: 'text/csv', buffer: Buffer.from('pão;1,50\n') };
  await chooser.setInputFiles(table);
  await send.click();
  const entry = page.getByRole('listitem').filter({ hasText: 'Segue a tabela.' });
  await expect(entry).toContainText('tabela de preços.csv');
  // A real mail server takes its time.
  const patient = { timeout: 30_000 };
  await expect(entry).toContainText(t('console.mail.fault.recipient_refused'), patient);
  await expect(page.getByRole('list', { name: t('console.files.chosen') })).toHaveCount(0);
  await show({ page, name: '96-offline-came-back', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  await entry.getByRole('button', { name: t('console.offline.correctAddress') }).click();
  await ana.dialog.getByLabel(t('console.context.email')).fill(customer);
  await ana.button('console.action.save').click();
  await expect(ana.toasts.getByText(t('console.offline.addressCorrected'))).toBeVisible();
  const words = { before: 'igor@fora.test', after: customer, name: 'Ana Souza' };
  const changed = page.getByText(t('console.offline.addressChanged', words));
  await expect(changed).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await entry.getByRole('button', { name: t('console.offline.sendAgainTo', { email: customer }) }).click();
  await expect(entry).toContainText(t('console.offline.mailSent'), patient);
  await expect.poll(async () => (await mails(customer)).length, patient).toBe(1);
  const [mail] = await mails(customer);
  expect(mail).toContain('Content-Disposition: attachment');
  expect(mail).toContain(Buffer.from('pão;1,50\n').toString('base64'));
  const download = page.waitForEvent('download');
  await entry
    .getByRole('link', { name: /tabela de preços/ })
    .first()
    .click();
  expect((await download).suggestedFilename()).toBe('tabela de preços.csv');
  await show({ page, name: '97-offline-corrected', sizes: [1440, 380] });
});
