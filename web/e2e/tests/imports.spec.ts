// Importing people and departments from tables, and keeping a conversation on paper and as a file.
import { readFile } from 'node:fs/promises';
import { violations } from '../support/axe';
import { expect, shopPage, t, test, useWorld } from '../support/test';

const world = useWorld();

const table = (name: string, text: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });

//
test('departments and people come from tables: a look first, then exactly that, and the links as a table', async ({
  people,
}) => {
  const ana = await people.agent(world);
  await ana.go('/settings/departments');
  await ana.button('console.import.open').click();
  const file = ana.dialog.locator('input[type=file]');
  await file.setInputFiles(table('setores.csv', 'Nome;Ativo\nVendas;sim\nEntregas;talvez\n'));
  await expect(ana.dialog.getByText(t('console.import.wrong'))).toBeVisible();
  await expect(ana.dialog.getByRole('row').nth(1)).toContainText('Entregas');
  await expect(ana.dialog.getByRole('row').nth(1)).toContainText('talvez'); // What is wrong, as it was typed.
  // Choosing another one is one click.
  const chooser = ana.page.waitForEvent('filechooser');
  await ana.button('console.import.again').click();
  await (await chooser).setFiles(table('setores.csv', 'Nome;Ativo\nVendas;sim\nEntregas;não\n'));
  await ana.dialog.getByRole('button', { name: t('console.import.submit', { count: 2 }) }).click();
  await expect(ana.dialog.getByText(t('console.import.done'))).toBeVisible();
  await expect(ana.dialog.getByRole('row').nth(1)).toContainText(t('console.import.created'));
  await ana.button('console.action.done').click();
  await expect(ana.page.getByRole('listitem').filter({ hasText: 'Entregas' })).toContainText(
    t('console.departments.inactive'),
  );

  await ana.go('/settings/people');
  await ana.button('console.import.open').click();
  await file.setInputFiles(table('errado.csv', 'a;b\nc;d\n'));
  await expect(ana.dialog.getByText(t('error.column_missing'))).toBeVisible();
  expect(await violations(ana.page)).toEqual([]);
  const rows =
    'Nome;E-mail;Função;Departamentos\nBruno;bruno@vilaclara.com.br;Gerente;Vendas\n=1+1;eva@vilaclara.com.br;;\n';
  await file.setInputFiles(table('equipe.csv', rows));
  await expect(ana.dialog.getByRole('row')).toHaveCount(3);
  expect(await violations(ana.page)).toEqual([]);
  await ana.page.screenshot({ path: 'test-results/import-looked.png' });
  await ana.dialog.getByRole('button', { name: t('console.import.submit', { count: 2 }) }).click();
  // What is shown once is not lost by one click.
  await ana.button('console.action.done').click();
  await expect(ana.dialog.getByText(t('console.import.leave'))).toBeVisible();
  await ana.page.screenshot({ path: 'test-results/import-leave.png' });
  expect(await violations(ana.page)).toEqual([]);
  await ana.button('console.import.stay').click();
  const saved = ana.page.waitForEvent('download');
  await ana.button('console.import.links').click();
  const links = await readFile(await (await saved).path(), 'utf8');
  expect(links).toContain(`Bruno;bruno@vilaclara.com.br;${world.program.origin}/invitation#`);
  expect(links).toContain("'=1+1;eva@vilaclara.com.br");
  await ana.button('console.action.done').click();
  await expect(ana.page.getByRole('listitem').filter({ hasText: 'bruno@vilaclara.com.br' })).toBeVisible();

  // Whom it would change, it says from what to what.
  await ana.button('console.import.open').click();
  await file.setInputFiles(table('de-novo.csv', 'Nome;E-mail;Função\nBruno Lima;bruno@vilaclara.com.br;Atendente\n'));
  const change = (field: string, was: string, becomes: string) => t('console.import.change', { field, was, becomes });
  await expect(ana.dialog.getByText(change(t('console.import.columnName'), 'Bruno', 'Bruno Lima'))).toBeVisible();
  const roles = change(t('console.import.columnRole'), t('console.role.manager'), t('console.role.agent'));
  await expect(ana.dialog.getByText(roles)).toBeVisible();
  await ana.page.screenshot({ path: 'test-results/import-changes.png' });
  await ana.page.keyboard.press('Escape');
  await ana.button('console.action.discard').click();

  const link = /https?:\S+#\S+/.exec(links)?.[0] ?? '';
  const context = await people.browser('Bruno');
  const page = await context.newPage();
  await page.goto(link);
  await expect(page.getByText('bruno@vilaclara.com.br')).toBeVisible();
});

//
test('a conversation goes on paper and becomes a file with its protocol number', async ({ people }) => {
  await world.owner.say('online');
  const connection = await world.owner.addWebchat();
  const marina = await people.visitor(shopPage(world, connection));
  await marina.start('Quero encomendar um bolo para sábado.');
  const ana = await people.agent(world);
  await ana.go();
  await ana.openRow('Marina Ribeiro');
  await ana.act('console.conversation.take').click();
  await ana.write('Claro. De que sabor?');
  const more = ana.act('console.conversation.more');
  const saved = ana.page.waitForEvent('download');
  await ana.choose(more, t('console.keep.pdf'));
  const download = await saved;
  expect(download.suggestedFilename()).toMatch(/^conversa-\d{8}-\d{4}\.pdf$/);
  expect((await readFile(await download.path())).subarray(0, 5).toString()).toBe('%PDF-');

  const opened = ana.page.context().waitForEvent('page');
  await ana.choose(more, t('console.keep.print'));
  const paper = await opened;
  const protocol = /\d{8}-\d{4}/.exec(download.suggestedFilename())?.[0] ?? '';
  await expect(paper.getByRole('heading', { level: 1 })).toHaveText(t('console.keep.title', { protocol }));
  await expect(paper.getByText('Claro. De que sabor?')).toBeVisible();
  expect(await violations(paper)).toEqual([]);
  await paper.screenshot({ path: 'test-results/print.png', fullPage: true });
  await paper.emulateMedia({ media: 'print' });
  await expect(paper.getByRole('button', { name: t('console.keep.print') })).toBeHidden();
});
