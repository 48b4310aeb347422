// An invitation by e-mail: the dialog says to whom, the mail leads in, and a link for a new password goes the same way.
import { show } from '../support/pictures';
import { mailAddress, newestMail, servers, setUpMail } from '../support/mail';
import { expect, t, test, useWorld, visit } from '../support/test';

const world = useWorld();

const linkIn = (text: string): string => /https?:\/\/\S+\/invitation#\S+/.exec(text)?.[0] ?? '';

// T-087
test('who is invited finds the link in their mailbox, and the one on the screen is used up with it', async ({
  people,
}) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  const bruno = { name: 'Bruno Teixeira de Almeida', password: 'farinha fermento e sal' };
  const email = mailAddress('bruno', 'exemplo.test');
  await setUpMail(world.owner, mailAddress('suporte', 'loja.test'));
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/people');
  await ana.button('console.people.invite').click();
  await ana.dialog.getByLabel(t('console.access.name'), { exact: true }).fill(bruno.name);
  await ana.dialog.getByLabel(t('console.access.email'), { exact: true }).fill(email);
  await ana.button('console.people.inviteSubmit').click();
  await expect(ana.dialog.getByText(t('console.people.mailed', { email }))).toBeVisible();
  const shown = (await ana.dialog.locator('code').textContent()) ?? '';
  await show({ page, name: '180-invitation-mailed', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.button('console.action.done').click();

  const mailed = linkIn(await newestMail(email));
  expect(mailed).toContain(world.program.origin);
  expect(mailed).not.toBe(shown);
  const context = await people.browser(bruno.name, { baseURL: world.program.origin });
  const own = await visit(context, mailed);
  await expect(own.getByText(t('console.invitation.text', { email }))).toBeVisible();
  await own.getByLabel(t('console.access.password'), { exact: true }).fill(bruno.password);
  await own.getByRole('button', { name: t('console.invitation.accept') }).click();
  await expect(own).toHaveURL(/\/conversations$/);
  const late = await visit(context, shown);
  await expect(late.getByText(t('console.invitation.invalid'))).toBeVisible();

  const row = page.getByRole('listitem').filter({ hasText: email });
  await ana.choose(row.getByRole('button').last(), t('console.people.passwordLink'));
  await expect(ana.dialog.getByText(t('console.people.mailed', { email }))).toBeVisible();
  expect(linkIn(await newestMail(email, 2))).not.toBe(mailed);
});

// T-087
test('an import mails the invitations where that is chosen', async ({ people }) => {
  test.skip(!servers.smtp, 'scripts/servers.sh has started no mail servers');
  const email = mailAddress('carla', 'exemplo.test');
  await setUpMail(world.owner, mailAddress('suporte', 'loja.test'));
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/people');
  await ana.button('console.import.open').click();
  const buffer = Buffer.from(`Nome;E-mail\nCarla Reis;${email}\n`);
  await ana.dialog.locator('input[type=file]').setInputFiles({ name: 'equipe.csv', mimeType: 'text/csv', buffer });
  const choice = ana.dialog.getByRole('switch', { name: t('console.import.byMail') });
  await expect(choice).not.toBeChecked();
  await choice.check();
  await show({ page, name: '181-import-by-mail', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.dialog.getByRole('button', { name: t('console.import.submit', { count: 1 }) }).click();
  await expect(ana.dialog.getByText(t('console.import.linksMailed'))).toBeVisible();
  await expect(choice).toHaveCount(0);
  expect(linkIn(await newestMail(email))).toContain(world.program.origin);
});
