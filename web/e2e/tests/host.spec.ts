// A company's own system takes the code and has the chat on every screen, for everybody who uses it (examples/host).
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { expect, t, test, useWorld } from '../support/test';

const world = useWorld();
const server = fileURLToPath(new URL('../../../examples/host/server.mjs', import.meta.url));
let host: ChildProcess;
let origin = '';

test.beforeAll(async () => {
  host = spawn(process.execPath, [server], {
    env: { ...process.env, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [line] = (await once(host.stdout!, 'data')) as [Buffer];
  origin = String(line).trim();
});

test.afterAll(() => host.kill());

// D-080 to D-086, T-005
test('a code pasted into a system’s settings brings the chat to all of its screens and people', async ({ people }) => {
  const inside = await world.owner.addWebchat({ name: 'Sistema' });
  const outside = await world.owner.addWebchat({ name: 'Portal' });
  const first = await people.visitor(`${origin}/settings`);
  const field = (label: string) => first.page.getByLabel(label, { exact: true });
  await expect(first.launcher).toHaveCount(0);
  await field('Endereço do Balcão').fill(world.program.origin);
  await field('Código do sistema').fill('EP26235');
  await first.page.getByRole('button', { name: 'Salvar configurações' }).click();
  await expect(first.page.getByText('Confira este campo.')).toBeVisible();
  await field('Código do sistema').fill(inside.code);
  await field('Código do portal do cliente').fill(outside.code);
  await first.page.getByRole('button', { name: 'Salvar configurações' }).click();
  await expect(first.page.getByText('Configurações salvas.', { exact: false })).toBeVisible();

  await first.page.goto(`${origin}/system`);
  await expect(first.launcher).toBeVisible();
  const box = (await first.launcher.boundingBox())!;
  const { width } = first.page.viewportSize()!;
  expect(width - box.x - box.width).toBeLessThan(40); // At the right side, over the screen.
  for (const screen of ['Clientes', 'Faturas', 'Painel']) {
    await first.page.locator('menu').getByRole('link', { name: screen }).click();
    await expect(first.page.getByRole('heading', { name: screen })).toBeVisible();
    await expect(first.launcher).toHaveCount(1);
  }
  // Who is logged in there need not say so again.
  await first.openPanel();
  await first.panel.getByRole('button', { name: t('widget.home.start') }).click();
  await first.write('A impressora fiscal parou');
  await first.expectTexts(['A impressora fiscal parou']);
  const { contact } = await world.owner.waiting('Operador do sistema');
  expect(contact.email).toBe('operador@example.com');

  const second = await people.visitor(`${origin}/system/invoices`);
  await expect(second.page.locator(`#balcao-${inside.code}`)).toBeAttached();
  await second.page.goto(`${origin}/portal`);
  await expect(second.page.locator(`#balcao-${outside.code}`)).toBeAttached();
  await second.page.goto(`${origin}/shop`);
  await expect(second.page.getByRole('heading', { name: 'Planos de internet' })).toBeVisible();
  await expect(second.launcher).toHaveCount(0); // Nothing was pasted for it.
});
