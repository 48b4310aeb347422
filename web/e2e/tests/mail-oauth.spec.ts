// Mail by OAuth2: chosen, consented to on the provider's page, tested, used in both directions with real mail servers, taken back and given anew.
import { violations } from '../support/axe';
import { deliver, mails, mailAddress, servers } from '../support/mail';
import { show } from '../support/pictures';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();
const issuer = `http://127.0.0.1:${servers.oauth}`;

const withdraw = (user: string) =>
  fetch(`${issuer}/account`, { method: 'POST', body: new URLSearchParams({ user, do: 'withdraw' }) });

// T-152, T-155, T-156
test('a mailbox is connected by OAuth2, sends and receives, and says when its consent has ended', async ({
  people,
}) => {
  test.skip(!servers.oauth, 'scripts/servers.sh has started no mail servers');
  test.setTimeout(180_000);
  const company = mailAddress('suporte', 'loja.test');
  const customer = mailAddress('marina', 'exemplo.test');
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  await world.owner.say('offline');
  const { page } = ana;
  const section = (key: string) =>
    page.locator('section').filter({ has: page.getByRole('heading', { name: t(key), exact: true }) });
  const [login, smtp, imap] = [
    section('console.mail.login'),
    section('console.mail.smtp'),
    section('console.mail.imap'),
  ];
  const choose = async (key: string, option: string) => {
    await login.getByLabel(t(key), { exact: true }).click();
    await page.getByRole('option', { name: option }).click();
  };
  const connect = (key: string) => login.getByRole('button', { name: t(key, { name: t('console.mail.theProvider') }) });

  /** The part that pictures are about. */
  const look = () => login.getByRole('heading').evaluate((heading) => heading.scrollIntoView());

  await ana.go('/settings/mail');
  await page.getByLabel(t('console.mail.fromAddress')).fill(company);
  await choose('console.mail.loginBy', t('console.mail.byOauth'));
  // What is known of the providers is filled in, and gives way to one's own.
  await expect(smtp.getByLabel(t('console.mail.host'), { exact: true })).toHaveValue('smtp.gmail.com');
  await choose('console.mail.provider', 'Microsoft');
  await expect(imap.getByLabel(t('console.mail.host'), { exact: true })).toHaveValue('outlook.office365.com');
  await expect(login.getByLabel(t('console.mail.tenant'))).toBeVisible();
  await show({ page, name: '95-mail-oauth', sizes: [1440, 380], arrange: look });
  await page.setViewportSize({ width: 1440, height: 900 });
  await choose('console.mail.provider', t('console.mail.otherProvider'));
  await expect(login.getByText('/settings/mail/consent')).toBeVisible();
  await expect(login.getByLabel(t('console.mail.oauthUser'))).toHaveValue(company);
  await login.getByLabel(t('console.mail.clientId')).fill('balcao');
  await login.getByLabel(t('console.mail.clientSecret'), { exact: true }).fill('errado');
  await login.getByLabel(t('console.mail.authorizationUrl')).fill(`${issuer}/authorize`);
  await login.getByLabel(t('console.mail.tokenUrl')).fill('http://id.exemplo.test/token');
  await login.getByLabel(t('console.mail.scope')).fill('mail');
  for (const [server, port] of [
    [smtp, servers.smtp!],
    [imap, servers.imaps!],
  ] as const) {
    await server.getByLabel(t('console.mail.host'), { exact: true }).fill('localhost');
    await server.getByLabel(t('console.mail.port')).fill(port);
  }
  await connect('console.mail.connect').click();
  await expect(login.getByText(t('error.address_unprotected'))).toBeVisible();
  await login.getByLabel(t('console.mail.tokenUrl')).fill(`${issuer}/token`);
  await expect(login.getByText(t('console.mail.connectSaves'))).toBeVisible();

  // Not allowed, then allowed with a secret that is wrong, then right.
  await connect('console.mail.connect').click();
  await page.getByRole('button', { name: 'Deny' }).click();
  await expect(page.getByText(t('console.mail.consentRefused'))).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/mail$/);
  await connect('console.mail.connect').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(page.getByText(t('error.client_refused', { words: 'invalid_client: unknown client' }))).toBeVisible();
  await login.getByLabel(t('console.mail.clientSecret'), { exact: true }).fill('chave & nossa só');
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.fault.consent_missing'))).toBeVisible();
  await connect('console.mail.connect').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(ana.toasts.getByText(t('console.mail.connectedNow'))).toBeVisible();
  await expect(page).toHaveURL(/\/settings\/mail$/);
  await expect(connect('console.mail.connectAnew')).toBeVisible();
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.sendingWorks'))).toBeVisible();
  await imap.getByRole('button', { name: t('console.mail.testFetching') }).click();
  await expect(imap.getByText(t('console.mail.fetchingWorks'))).toBeVisible();
  expect(await violations(page)).toEqual([]);
  await show({ page, name: '96-mail-connected', sizes: [1440, 380], arrange: look });
  await page.setViewportSize({ width: 1440, height: 900 });

  // A reply goes out, its answer comes in.
  const visitor = await people.visitor(shopPage(world, connection));
  await visitor.openPanel();
  await visitor.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await expect(visitor.panel.getByRole('heading', { name: t('widget.offline.title') })).toBeVisible();
  await visitor.panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await visitor.panel.getByLabel(t('widget.form.email')).fill(customer);
  await visitor.panel.getByLabel(t('widget.form.message')).fill('Quero a segunda via do boleto');
  await visitor.panel.getByRole('button', { name: t('widget.offline.send') }).click();
  await expect(visitor.panel.getByText(t('widget.offline.sent_text', { email: customer }))).toBeVisible();
  await ana.go('/offline-messages');
  await page
    .getByRole('row', { name: /Marina Ribeiro/ })
    .getByRole('link')
    .click();
  await page.getByRole('textbox', { name: t('console.offline.reply') }).fill('Olá, Marina. A segunda via segue aqui.');
  await page.getByRole('button', { name: t('console.offline.send') }).click();
  await expect(page.getByText(t('console.offline.mailSent'))).toBeVisible();
  await expect.poll(async () => (await mails(customer)).length).toBe(1);
  const [mail] = await mails(customer);
  const messageId = /^Message-ID: (<.+>)$/im.exec(mail!.replaceAll('\r', ''))![1];
  await expect
    .poll(async () => ((await world.owner.call('GET', '/mail')) as { fetching: { at: string | null } }).fetching.at, {
      timeout: 40_000,
    })
    .not.toBeNull();
  const head = `From: Marina <${customer}>\nTo: <${company}>\nMessage-ID: <${mailAddress('m', 'exemplo.test')}>\nSubject: Re: oi\n`;
  await deliver(customer, company, `${head}In-Reply-To: ${messageId}\n\nChegou, obrigada!`);
  await expect(page.getByRole('listitem').filter({ hasText: 'Chegou, obrigada!' })).toBeVisible({ timeout: 60_000 });

  // Taken back: said, and given anew.
  await withdraw(company);
  await ana.go('/settings/mail');
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.fault.consent_revoked'))).toBeVisible();
  await ana.go('/settings/mail');
  await expect(login.getByRole('alert')).toContainText(t('console.mail.fault.consent_revoked'));
  await show({ page, name: '97-mail-revoked', sizes: [1440, 380], arrange: look });
  await page.setViewportSize({ width: 1440, height: 900 });
  await connect('console.mail.connectAnew').click();
  await page.getByRole('button', { name: 'Allow' }).click();
  await expect(login.getByRole('alert')).toHaveCount(0);
  await smtp.getByRole('button', { name: t('console.mail.testSending') }).click();
  await expect(smtp.getByText(t('console.mail.sendingWorks'))).toBeVisible();
});
