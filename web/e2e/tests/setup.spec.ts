// The first visit: from the printed link to the console.
import { COMPANY, expect, OWNER, t, test, useWorld } from '../support/test';
import { Desk } from '../support/desk';

const world = useWorld({ setUp: false });

// D-089
test('whoever comes before the set-up is told to use the printed link, and a wrong link is refused', async ({
  people,
}) => {
  const context = await people.browser('newcomer', { baseURL: world.program.origin });
  const page = await context.newPage();
  await page.goto('/');
  await expect(page.getByText(t('console.setup.noToken'))).toBeVisible();

  await page.goto('/login');
  await expect(page.getByText(t('console.setup.noToken'))).toBeVisible();

  await page.goto('/setup#wrong-link');
  await expect(page.getByText(t('console.setup.wrongToken'))).toBeVisible();
  await expect(page.getByLabel(t('console.company.name'))).toHaveCount(0);
});

test('the first visit writes no error into the browser console', async ({ people }) => {
  const context = await people.browser('newcomer', { baseURL: world.program.origin });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto('/');
  await expect(page.getByText(t('console.setup.noToken'))).toBeVisible();
  expect(errors).toEqual([]);
});

// D-089, X-015
test('the printed link leads through the set-up into the console, once', async ({ people }) => {
  const context = await people.browser('founder', { baseURL: world.program.origin });
  const page = await context.newPage();
  const desk = new Desk(page);
  await page.goto(world.program.setupLink);
  await desk.button('console.setup.submit').click();
  await expect(page.getByLabel(t('console.company.name'))).toHaveAttribute('aria-invalid', 'true');

  await page.getByLabel(t('console.company.name')).fill(COMPANY);
  const form = page.locator('form');
  await form.getByLabel(t('console.company.language')).click();
  await page.getByRole('option', { name: 'Español' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'es');
  await form.getByText('Español', { exact: true }).click();
  await page.getByRole('option', { name: 'Português (Brasil)' }).click();
  await expect(page.locator('html')).toHaveAttribute('lang', 'pt-BR');
  const zone = page.getByRole('combobox', { name: t('console.company.timeZone') });
  await zone.click();
  await zone.press('Control+a');
  await zone.pressSequentially('manaus');
  await page.getByRole('option', { name: /Manaus/ }).click();
  await page.getByLabel(t('console.access.name'), { exact: true }).fill(OWNER.name);
  await page.getByLabel(t('console.access.email'), { exact: true }).fill(OWNER.email);
  await page.getByLabel(t('console.access.password'), { exact: true }).fill('curta');
  await desk.button('console.setup.submit').click();
  await expect(page.getByText(t('error.password_too_short'))).toBeVisible();
  await page.getByLabel(t('console.access.password'), { exact: true }).fill(OWNER.password);
  await desk.button('console.setup.submit').click();
  await expect(page).toHaveURL(/\/settings\/connections$/);
  await expect(page.getByText(t('console.connections.empty'))).toBeVisible();

  await page.goto('/settings/company');
  await expect(page.getByLabel(t('console.company.name'))).toHaveValue(COMPANY);
  await expect(page.getByRole('combobox', { name: t('console.company.timeZone') })).toHaveValue(/Manaus/);
});

// D-089
test('the second visit is a login, and the used link says that all is set up', async ({ people }) => {
  const context = await people.browser('second visitor', { baseURL: world.program.origin });
  const page = await context.newPage();
  const desk = new Desk(page);
  await page.goto('/');
  await expect(page).toHaveURL(/\/login$/);
  await desk.logIn(OWNER.email, 'not the password');
  await expect(page.getByText(t('error.wrong_login'))).toBeVisible();
  await desk.logIn(OWNER.email, OWNER.password);
  await expect(page).toHaveURL(/\/conversations$/);

  await page.goto(world.program.setupLink);
  await expect(page.getByText(t('console.setup.done'))).toBeVisible();
  await desk.page.getByRole('link', { name: t('console.setup.toConsole') }).click();
  await expect(page).toHaveURL(/\/conversations$/);
});

test('a complaint goes away once its field is filled', async ({ people }) => {
  const ana = await people.agent(world);
  await ana.go('/settings/company');
  const name = ana.page.getByLabel(t('console.company.name'));
  await name.fill('');
  await ana.button('console.action.save').click();
  await expect(name).toHaveAttribute('aria-invalid', 'true');
  await name.fill('Padaria Vila Clara Ltda.');
  await name.blur();
  await expect(name).toHaveAttribute('aria-invalid', 'false', { timeout: 2_000 });
});
