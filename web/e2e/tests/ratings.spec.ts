// What visitors said, read by whoever manages: in figures, by person, and one by one.
import { Api } from '../support/api';
import { show } from '../support/pictures';
import { rated } from '../support/rated';
import { BRUNO, CARLA } from '../support/team';
import { expect, t, test, useWorld } from '../support/test';

const world = useWorld();

// T-184, A-061, A-062, A-065
test('who manages reads what visitors said, and an agent what was said of them', async ({ people }) => {
  const connection = await world.owner.addWebchat();
  const ana = await people.agent(world);
  const { page } = ana;
  await page.setViewportSize({ width: 1440, height: 900 });
  await ana.go();
  await ana.seek('satisfação');
  await ana.dialog.getByRole('option', { name: t('console.ratings.title'), exact: true }).click();
  await expect(page).toHaveURL(/\/ratings$/);
  await expect(page.getByText(t('console.ratings.off'), { exact: true })).toBeVisible();
  const setting = page.getByRole('link', { name: t('console.ratings.toSetting') });
  await expect(setting).toHaveAttribute('href', '/settings/chat');
  await show({ page, name: '101-ratings-off', sizes: [1440, 380] });
  await page.setViewportSize({ width: 1440, height: 900 });

  const survey = (range: object) => world.owner.call('PATCH', '/workspace', { survey: { is_on: true, ...range } });
  await survey({ lowest: 0, highest: 10 });
  await world.owner.addDepartment('Encomendas');
  const long = { ...CARLA, name: 'Maria Aparecida dos Santos Albuquerque de Vasconcelos' };
  await world.owner.addAgent(world.program.origin, BRUNO);
  await world.owner.addAgent(world.program.origin, long);
  const [bruno, carla] = [await Api.at(world.program.origin), await Api.at(world.program.origin)];
  await bruno.logIn(BRUNO);
  await carla.logIn(long);
  await rated(world, connection, bruno, 'Seu Joaquim', { grade: 10 });
  await survey({ lowest: 1, highest: 5 });
  const praise =
    'Atendeu rápido e explicou tudo com paciência. O bolo chegou na hora e estava lindo, obrigado a todos.';
  await rated(world, connection, bruno, 'Marina Ribeiro', { grade: 5, comment: praise });
  await rated(world, connection, bruno, 'Igor Nunes', { grade: 4 });
  await rated(world, connection, carla, 'Renata Dias', {
    grade: 2,
    comment: `Demorou.\nhttps://exemplo.com.br/${'x'.repeat(90)}`,
  });

  // The page was open all the while.
  const summary = page.getByRole('region', { name: t('console.ratings.summary') });
  await expect(summary.getByText('4,0', { exact: true })).toBeVisible();
  await expect(summary.getByText(t('console.ratings.count', { count: 4 }), { exact: true })).toBeVisible();
  await expect(summary).toContainText(t('console.ratings.bar', { grade: 5, count: 2, share: '50%' }));
  await expect(summary).toContainText(/1 nota foi dada em outra escala \(de 0 a 10\)/);
  const table = page.getByRole('table', { name: t('console.ratings.people') });
  for (const text of ['Bruno Lima', '4,7']) await expect(table.getByRole('row').nth(1)).toContainText(text);
  await expect(table.getByRole('row').filter({ hasText: 'Ana Souza' })).toContainText(t('console.ratings.none'));
  await expect(page.getByText(praise)).toBeVisible();
  await show({ page, name: '102-ratings' });
  await page.setViewportSize({ width: 380, height: 760 });
  const list = page.getByRole('listitem').filter({ hasText: 'Renata Dias' });
  await list.scrollIntoViewIfNeeded();
  await show({ page, name: '103-ratings-people', sizes: [380], arrange: () => table.scrollIntoViewIfNeeded() });
  await show({ page, name: '103-ratings-single', sizes: [380], arrange: () => list.scrollIntoViewIfNeeded() });
  const isWide = await page.evaluate(() =>
    [...document.querySelectorAll('main, main *')].some(
      (one) => getComputedStyle(one).overflowX === 'auto' && one.scrollWidth > one.clientWidth,
    ),
  );
  expect(isWide, 'nothing is wider than a phone').toBe(false);
  await page.setViewportSize({ width: 1440, height: 900 });

  // By person, by grade, and to the conversation.
  const links = page.getByRole('link', { name: /^Abrir a conversa/ });
  await expect(links).toHaveCount(4);
  await table.getByRole('button', { name: t('console.ratings.show', { name: 'Bruno Lima' }) }).click();
  await expect(links).toHaveCount(3);
  await page.getByLabel(t('console.ratings.grade'), { exact: true }).click();
  await page.getByRole('option', { name: '5', exact: true }).click();
  await expect(links).toHaveCount(2);
  await page.getByRole('checkbox', { name: t('console.ratings.commented') }).check();
  await expect(links).toHaveCount(1);
  await links.first().click();
  await expect(page.getByText(t('console.keep.grade', { grade: 5, highest: 5 })).first()).toBeVisible();

  // Dates of one's own: what is wrong is said where it is.
  await page.goBack();
  await page.getByLabel(t('console.ratings.period'), { exact: true }).click();
  await page.getByRole('option', { name: t('console.ratings.ownDates') }).click();
  await page.getByLabel(t('console.ratings.to'), { exact: true }).fill('2020-01-01');
  await expect(page.getByText(t('error.period_invalid', { days: 366 }))).toBeVisible();
  await page.getByLabel(t('console.ratings.from'), { exact: true }).fill('2020-01-01');
  await expect(page.getByText(t('console.ratings.empty'))).toBeVisible();
  await expect(summary.getByText(t('console.ratings.none'), { exact: true })).toBeVisible();
  await show({ page, name: '104-ratings-empty', sizes: [1440, 380] });

  const desk = await people.agent(world, long);
  await desk.go('/ratings');
  await expect(desk.page.getByText(/Demorou/)).toBeVisible();
  await expect(desk.page.getByText(praise)).toHaveCount(0);
  await expect(desk.page.getByRole('table')).toHaveCount(0);
  await desk.page.context().route(/\/api\/ratings/, (route) => route.abort());
  await desk.page.reload();
  await expect(desk.page.getByText(t('console.state.failed'))).toBeVisible();
  await Promise.all([bruno.close(), carla.close()]);
});
