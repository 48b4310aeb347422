// Transferring, the team and the settings of distribution in both themes: no axe violation, and pictures for looking at.
import { expect, t, test, useWorld } from '../support/test';
import { show } from '../support/pictures';
import { BRUNO, CARLA, DAVI, hire, say, writes } from '../support/team';

test.describe.configure({ timeout: 240_000 });

const world = useWorld();

const LONG = {
  name: 'Maria Aparecida do Nascimento Albuquerque Cavalcanti',
  email: 'maria@vilaclara.com.br',
  password: 'queijo minas meia cura',
};

test('the team, transfers, handing on and the settings, with long names and a full house', async ({ people }) => {
  const service = await world.owner.defaultDepartment();
  const finance = await world.owner.addDepartment('Financeiro e cobrança de encomendas para festas');
  const connection = await world.owner.addWebchat({ settings: { colour: '#2459a8' } });
  const ana = await people.agent(world);
  await ana.go('/team');
  await expect(ana.page.getByRole('heading', { name: t('console.team.title') })).toBeVisible();
  await show({ page: ana.page, name: '60-team-empty' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  await say(ana, 'online');
  const bruno = await hire(world, people, BRUNO, [service]);
  const carla = await hire(world, people, CARLA, [service, finance], 'manager');
  const maria = await hire(world, people, LONG, [service, finance]);
  const davi = await hire(world, people, DAVI, [finance]);
  await world.owner.call('PATCH', '/workspace', { simultaneous_limit: 3 });
  for (const [index, name] of ['Marina Ribeiro', 'Igor Nunes', 'João Pedro do Nascimento', 'Célia', 'Rui'].entries()) {
    await writes(world, connection.code, name, ['Bom dia, preciso de ajuda com a minha encomenda.']);
    const [row] = (await world.owner.conversations('queue')).filter(({ contact }) => contact.name === name);
    const who = [maria, maria, maria, bruno, carla][index]!;
    await world.owner.call('POST', `/conversations/${row!.id}/transfer`, {
      agent: who.agent.id,
      confirmed: true,
      note: index === 0 ? 'Cliente antiga: confere o CNPJ antes de emitir a nota.' : undefined,
    });
  }
  await writes(world, connection.code, 'Padaria Vila Clara', ['Tem alguém?']);
  await say(maria.desk, 'offline');
  await say(davi.desk, 'offline');
  await expect(ana.page.getByRole('listitem').filter({ hasText: LONG.name })).toContainText(
    t('console.status.offline'),
  );
  await show({ page: ana.page, name: '61-team-full' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  await ana.page.getByRole('button', { name: t('console.handOver.open', { name: LONG.name }) }).click();
  await ana.dialog.getByRole('radio', { name: t('console.handOver.agent') }).check();
  await show({ page: ana.page, name: '62-hand-over', sizes: [1440, 380] });
  await ana.page.keyboard.press('Escape');
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  await ana.go('/conversations');
  await expect(ana.page.getByRole('status').filter({ hasText: LONG.name })).toBeVisible();
  await ana.tab('open').click();
  await ana.openRow('Marina Ribeiro');
  await bruno.desk.tab('open').click();
  await bruno.desk.openRow('Marina Ribeiro');
  await expect(ana.timeline.getByText(t('console.timeline.isLooking', { name: 'Bruno' }))).toBeVisible();
  await show({ page: ana.page, name: '63-conversation-looking' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.act('console.transfer.open').click();
  await show({ page: ana.page, name: '64-transfer' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.dialog.getByRole('option', { name: /^Davi/ }).click();
  await expect(ana.dialog.getByText(t('console.transfer.offline', { name: 'Davi Moura' }))).toBeVisible();
  await show({ page: ana.page, name: '65-transfer-doubt' });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.dialog.getByRole('button', { name: t('console.transfer.anyway') }).click();
  await expect(ana.toasts.getByRole('button', { name: t('console.action.undo') })).toBeVisible();
  await ana.toasts.getByText(/Davi/).hover();
  await ana.page.screenshot({ path: 'screenshots/66-transferred-1440-light.png' });
  await ana.openRow('Marina Ribeiro');
  await ana.conversation.getByRole('button', { name: t('console.conversation.more') }).click();
  await show({ page: ana.page, name: '67-conversation-menu', sizes: [1440, 380] });
  await ana.page.keyboard.press('Escape');
  await ana.page.setViewportSize({ width: 1440, height: 900 });

  const settings = [
    ['68-chat', '/settings/chat'],
    ['69-departments', '/settings/departments'],
  ] as const;
  for (const [name, path] of settings) {
    await ana.go(path);
    await expect(ana.page.getByRole('heading', { level: 2 }).first()).toBeVisible();
    if (path.endsWith('chat')) await ana.page.getByLabel(t('console.distribution.limit')).scrollIntoViewIfNeeded();
    await show({ page: ana.page, name, sizes: [1440, 380] });
  }
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  const more = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: service.name }) });
  await ana.choose(more, t('console.action.edit'));
  await expect(ana.page.getByLabel(t('console.departments.name'))).toBeVisible();
  await show({ page: ana.page, name: '70-department', sizes: [1440, 380] });
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.go('/settings/people');
  const person = ana.page.getByRole('button', { name: t('console.action.moreFor', { name: LONG.name }) });
  await ana.choose(person, t('console.people.deactivate'));
  await expect(ana.dialog).toBeVisible();
  await show({ page: ana.page, name: '71-deactivate', sizes: [1440, 380] });
  await ana.page.keyboard.press('Escape');
  await ana.page.setViewportSize({ width: 1440, height: 900 });
  await ana.page.getByRole('button', { name: /^Ana Souza/ }).click();
  await expect(ana.page.getByRole('menu')).toBeVisible();
  await show({ page: ana.page, name: '72-own-menu', sizes: [1440, 380] });
});
