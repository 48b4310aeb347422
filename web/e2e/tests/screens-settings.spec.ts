// Every page of the settings with its dialogs in both themes: no axe violation, and pictures for looking at.
import { expect, t, test, useWorld } from '../support/test';
import { show } from '../support/pictures';

test.describe.configure({ timeout: 240_000 });

const world = useWorld();

const BRUNO = {
  name: 'Bruno Henrique de Alcântara Figueiredo',
  email: 'bruno.alcantara@vilaclara.com.br',
  password: 'farinha fermento e sal',
};

test('settings: every page, its dialogs and menus', async ({ people }) => {
  await world.owner.addAgent(world.program.origin, BRUNO);
  const ana = await people.agent(world);
  const { page } = ana;
  await ana.go('/settings/connections');
  await expect(page.getByText(t('console.connections.empty'))).toBeVisible();
  await show({ page, name: '20-connections-empty' });
  await ana.go('/settings/connections/new');
  await expect(page.getByLabel(t('console.webchat.name'), { exact: true })).toBeVisible();
  await show({ page, name: '21-connection-new' });
  const connection = await world.owner.addWebchat({
    name: 'Site da padaria, loja da Rua das Acácias e encomendas de festa',
  });
  await world.owner.addWebchat({ name: 'Portal antigo', is_enabled: false, settings: { colour: '#c2410c' } });
  await ana.go('/settings/connections');
  await expect(page.getByText('Portal antigo')).toBeVisible();
  await show({ page, name: '22-connections' });
  await ana.choose(
    page.getByRole('button', { name: t('console.action.moreFor', { name: 'Portal antigo' }) }),
    t('console.connections.viewScript'),
  );
  await expect(ana.dialog).toBeVisible();
  await show({ page, name: '23-connection-script' });
  await page.keyboard.press('Escape');
  await ana.choose(
    page.getByRole('button', { name: t('console.action.moreFor', { name: 'Portal antigo' }) }),
    t('console.action.delete'),
  );
  await expect(ana.dialog).toBeVisible();
  await show({ page, name: '24-connection-delete', sizes: [1440, 380] });
  await page.keyboard.press('Escape');
  await ana.go(`/settings/connections/${connection.id}`);
  await page.getByLabel(t('console.webchat.greeting'), { exact: true }).fill('Bom dia. O que vai ser hoje?');
  await show({ page, name: '25-connection-edit' });
  await page.setViewportSize({ width: 380, height: 760 });
  await page.getByRole('button', { name: t('console.webchat.previewShow') }).click();
  await expect(page.locator('iframe')).toBeVisible();
  await show({ page, name: '26-connection-preview', sizes: [380] });
  await page.keyboard.press('Escape');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.getByRole('button', { name: t('console.action.discard') }).click();

  await ana.go('/settings/people');
  await expect(page.getByText(BRUNO.email)).toBeVisible();
  await show({ page, name: '30-people' });
  await ana.button('console.people.invite').click();
  await expect(ana.dialog).toBeVisible();
  await show({ page, name: '31-people-invite' });
  await ana.dialog.getByLabel(t('console.access.name'), { exact: true }).fill('Carla Reis');
  await ana.dialog.getByLabel(t('console.access.email'), { exact: true }).fill('carla@vilaclara.com.br');
  await ana.button('console.people.inviteSubmit').click();
  await expect(ana.dialog.locator('code')).toBeVisible();
  await show({ page, name: '32-people-link', sizes: [1440, 380] });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: t('console.action.moreFor', { name: BRUNO.name }) }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await show({ page, name: '33-people-menu', sizes: [1440] });
  await page.keyboard.press('Escape');

  for (const [name, path, text] of [
    ['34-departments', '/settings/departments', 'Atendimento'],
    ['35-company', '/settings/company', t('console.company.region')],
    ['36-profile', '/settings/profile', t('console.profile.identity')],
  ] as const) {
    await ana.go(path);
    await expect(page.getByText(text, { exact: true }).last()).toBeVisible();
    await show({ page, name });
  }
  await page.getByRole('button', { name: /^Ana Souza/ }).click();
  await expect(page.getByRole('menu')).toBeVisible();
  await show({ page, name: '37-own-menu', sizes: [1440, 380] });
  await page.keyboard.press('Escape');
  await ana.go('/settings/nothing');
  await expect(page.getByText(t('console.state.noPage'))).toBeVisible();
  await show({ page, name: '38-settings-missing', sizes: [1440] });
});
