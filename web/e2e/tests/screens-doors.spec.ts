// The pages before the door in both themes: no axe violation, and pictures for looking at.
import { expect, t, test, useWorld } from '../support/test';
import { Desk } from '../support/desk';
import { show } from '../support/pictures';

test.describe.configure({ timeout: 240_000 });

const world = useWorld({ setUp: false });

const BRUNO = {
  name: 'Bruno Henrique de Alcântara Figueiredo',
  email: 'bruno.alcantara@vilaclara.com.br',
  password: 'farinha fermento e sal',
};

test('before anybody is known: set-up, incomplete link, login, invitation', async ({ people }) => {
  const context = await people.browser('newcomer', { baseURL: world.program.origin });
  const page = await context.newPage();
  await page.goto('/setup');
  await expect(page.getByText(t('console.setup.noToken'))).toBeVisible();
  await show({ page, name: '01-setup-no-link' });
  await page.goto('about:blank');
  await page.goto(world.program.setupLink);
  await expect(page.getByLabel(t('console.company.name'))).toBeVisible();
  await show({ page, name: '02-setup' });
  await page.getByRole('button', { name: t('console.setup.submit') }).click();
  await expect(page.getByLabel(t('console.company.name'))).toHaveAttribute('aria-invalid', 'true');
  await show({ page, name: '03-setup-errors' });

  await world.owner.setUp(world.program.setupLink.split('#')[1] ?? '');
  await page.reload();
  await expect(page.getByText(t('console.setup.done'))).toBeVisible();
  await show({ page, name: '04-setup-done', sizes: [1440] });
  await page.goto('/login');
  await expect(page.getByLabel(t('console.access.email'))).toBeVisible();
  await show({ page, name: '05-login' });
  await new Desk(page).logIn('ninguem@vilaclara.com.br', 'senha errada mesmo');
  await expect(page.getByText(t('error.wrong_login'))).toBeVisible();
  await show({ page, name: '06-login-wrong', sizes: [1440] });

  const { invitation } = await world.owner.invite(BRUNO);
  await page.goto(invitation.link);
  await expect(page.getByLabel(t('console.access.name'))).toHaveValue(BRUNO.name);
  await show({ page, name: '07-invitation' });
  await page.goto('about:blank');
  await page.goto('/invitation#gone');
  await expect(page.getByText(t('console.invitation.invalid'))).toBeVisible();
  await show({ page, name: '08-invitation-invalid', sizes: [1440] });
});
