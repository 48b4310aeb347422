// The pictures of docs/guide, taken of the running program in both languages when asked (`make pictures`). Else: what the pages
// name is there, is made here, and is no heavier than it may be.
import type { Agent, Connection, ConversationDetail, HoursOf, Project, Ticket, TicketCategory } from '@balcao/api';
import type { Locator, Page } from '@playwright/test';
import { Api, OWNER } from '../support/api';
import { Desk } from '../support/desk';
import { addressOf, isAsked, kept, LIMIT, measured, named, take, WINDOW } from '../support/guide';
import { rated } from '../support/rated';
import { BRUNO, CARLA } from '../support/team';
import { expect, shopPage, test, useWorld, visit, type People } from '../support/test';
import { textsIn, type Language } from '../support/texts';
import { Visitor } from '../support/visitor';

const LANGUAGES: Language[] = ['pt-BR', 'en'];
/** What each page of the guide shows; tests below take them. */
const PICTURES = [
  'categories',
  'chat',
  'chat-messages',
  'department',
  'distribution',
  'hours',
  'install',
  'labels',
  'mail',
  'mail-oauth',
  'npm',
  'offline-form',
  'offline-messages',
  'offline-reply',
  'pauses',
  'privacy',
  'projects',
  'quick-replies',
  'ratings',
  'script',
  'silence',
  'survey',
  'survey-link',
  'surveys',
  'ticket',
  'tickets',
  'visitors',
  'webchat',
  'wordpress',
];

for (const language of LANGUAGES) {
  test(`the pictures that the guide names are there and were made here (${language})`, () => {
    const expected = PICTURES.map((name) => addressOf(name, language));
    const found = named(language).map(({ address }) => address);
    expect([...found].sort(), 'each once, in one page').toEqual(expected.sort());
    expect(kept(language).sort()).toEqual(PICTURES);
    for (const name of PICTURES) {
      const { bytes, width } = measured(name, language);
      expect.soft(bytes, name).toBeLessThanOrEqual(LIMIT.bytes);
      expect.soft(width, name).toBeLessThanOrEqual(LIMIT.width);
    }
  });
}

/** The same company in each language. */
const WORDS = {
  'pt-BR': {
    company: 'Padaria Vila Clara',
    locale: 'pt-BR',
    site: 'Site da padaria',
    greeting: 'Bom dia! O que vai ser hoje?',
    call: 'Precisa de ajuda com a sua encomenda?',
    departments: ['Encomendas', 'Financeiro'],
    label: 'Boleto',
    question: 'Quero encomendar um bolo de casamento para sábado. Ainda dá tempo?',
    answer: 'Dá sim! Para quantas pessoas?',
    praise: 'Rápido e gentil',
    officer: 'Rui Prado, privacidade@example.com',
    shortcut: 'entrega',
    quickReply: '{greeting}, {customer_name}! Entregamos de terça a domingo, das 8h às 18h.',
    survey: 'Como foi falar com a padaria?',
    holiday: 'Aniversário da padaria',
    messages: ['Preciso da segunda via do boleto de novembro.', 'Vocês fazem entrega aos domingos?'],
    welcome: 'Olá, {customer_name}! Aqui é da Padaria Vila Clara.',
    mail: 'atendimento@vilaclara.com.br',
    reply: 'Olá, Marina! Fazemos, sim: aos domingos, das 8h às 12h. Segue a tabela de taxas.',
    file: 'Taxas de entrega.pdf',
    categories: ['Cobrança', 'Entrega', 'Encomenda'],
  },
  en: {
    company: 'Vila Clara Bakery',
    locale: 'en-US',
    site: 'Bakery website',
    greeting: 'Good morning! What will it be today?',
    call: 'Do you need help with your order?',
    departments: ['Orders', 'Billing'],
    label: 'Invoice',
    question: 'I would like to order a wedding cake for Saturday. Is there still time?',
    answer: 'There is! For how many people?',
    praise: 'Quick and kind',
    officer: 'Rui Prado, privacy@example.com',
    shortcut: 'delivery',
    quickReply: '{greeting}, {customer_name}! We deliver from Tuesday to Sunday, 8 am to 6 pm.',
    survey: 'How was it to talk to the bakery?',
    holiday: 'The bakery’s birthday',
    messages: ['I need a copy of my November invoice.', 'Do you deliver on Sundays?'],
    welcome: 'Hello, {customer_name}! This is Vila Clara Bakery.',
    mail: 'service@vilaclara.example',
    reply: 'Hello Marina! We do: on Sundays from 8 to 12. The delivery fees are attached.',
    file: 'Delivery fees.pdf',
    categories: ['Billing', 'Delivery', 'Order'],
  },
} as const;

for (const language of LANGUAGES) {
  test.describe(language, () => {
    test.skip(!isAsked, 'only when asked: make pictures');
    test.describe.configure({ timeout: 240_000 });
    if (!isAsked) return;

    const world = useWorld({ setUp: false });
    const words = WORDS[language];
    const t = textsIn(language);
    const options = { locale: words.locale, viewport: WINDOW, reducedMotion: 'reduce' as const };
    const picture = async (what: Page | Locator, name: (typeof PICTURES)[number]) => {
      // The same in every run, and as it looks in a company's own.
      await reword('page' in what ? what.page() : what, {
        [world.program.origin]: 'https://chat.example.com',
        [connection.code]: '8401be95-5a7c-43e6-8e56-520c334d3314',
      });
      await take(what, name, language);
    };
    let connection: Connection;
    let project: Project;

    test.beforeAll(async () => {
      const { owner, program } = world;
      const token = program.setupLink.split('#')[1] ?? '';
      const { company } = words;
      await owner.call('POST', '/setup', { token, company, language, time_zone: 'America/Sao_Paulo', ...OWNER });
      const [orders] = await Promise.all(words.departments.map((name) => owner.addDepartment(name)));
      const [bruno, carla] = [
        await owner.addAgent(program.origin, BRUNO),
        await owner.addAgent(program.origin, CARLA, 'manager'),
      ];
      project = (await owner.call<{ items: Project[] }>('GET', '/projects')).items[0]!;
      connection = await owner.addWebchat({
        name: words.site,
        settings: {
          plugin_name: words.company,
          greeting: words.greeting,
          call_to_action: words.call,
          colour: '#c2410c',
          language,
          whatsapp: language === 'en' ? '' : '(31) 98765-4321',
        },
      });
      await owner.call('POST', `/projects/${project.id}/specialists`, {
        specialists: [
          { kind: 'group', id: orders!.id, level: 1 },
          { kind: 'agent', id: bruno.id, level: 1 },
          { kind: 'agent', id: carla.id, level: 2 },
        ],
        only_specialists: false,
      });
      await owner.call('PATCH', '/workspace', {
        distribution: 'round_robin',
        simultaneous_limit: 5,
        survey: { is_on: true, question: words.survey },
        messages: { welcome: words.welcome },
      });
    });

    async function desk(people: People, more: object = {}): Promise<{ ana: Desk; page: Page }> {
      const ana = await people.agent(world, OWNER, { ...options, ...more });
      return { ana, page: ana.page };
    }

    const visitorAt = async (people: People, path: string) => {
      const address = shopPage(world, connection, { path, title: words.company });
      return people.visitor(address, { ...options, viewport: { width: 900, height: 720 } });
    };

    test('settings', async ({ people }) => {
      // The preview stands beside the form on wide screens only.
      const wide = await desk(people, { viewport: { width: 1440, height: 936 }, deviceScaleFactor: 1200 / 1440 });
      await wide.ana.go(`/settings/connections/${connection.id}`);
      await expect(wide.page.frameLocator('iframe').first().locator('body')).toContainText(words.company);
      await picture(wide.page, 'webchat');

      const { ana, page } = await desk(people);

      await ana.go('/settings/publish');
      for (const _ of [1, 2]) await page.getByRole('button', { name: t('console.publish.next'), exact: true }).click();
      await expect(page.locator('code').first()).toBeVisible();
      await picture(page, 'script');

      await ana.go(`/settings/connections/${connection.id}/install`);
      await page.getByRole('radio', { name: t('console.install.wordpress') }).check();
      await picture(page, 'install');
      await page.getByRole('radio', { name: t('console.install.app') }).check();
      await picture(page, 'npm');

      await ana.go('/settings/chat');
      await expect(page.getByLabel(t('console.distribution.limit'))).toBeVisible();
      await picture(page, 'chat');
      await picture(page.locator('section', { has: page.getByLabel(t('console.distribution.limit')) }), 'distribution');
      const pauses = page.locator('section', { has: page.getByRole('heading', { name: t('console.pauses.title') }) });
      await picture(pauses, 'pauses');
      await page.getByLabel(t('console.chat.visitorMinutes'), { exact: true }).fill('15');
      await page.getByLabel(t('console.chat.agentMinutes'), { exact: true }).fill('10');
      const silence = page.locator('section', { has: page.getByRole('heading', { name: t('console.chat.idle') }) });
      await picture(silence, 'silence');
      await ana.go('/settings/chat/messages');
      await expect(page.getByRole('textbox').first()).toBeVisible();
      await picture(page, 'chat-messages');
      await ana.go('/settings/privacy');
      await page.getByLabel(t('console.privacy.policy')).fill('https://www.example.com/privacy');
      await page.getByLabel(t('console.privacy.officer')).fill(words.officer);
      await picture(page, 'privacy');
      await ana.go('/settings/departments');
      await page.getByRole('link', { name: words.departments[0]!, exact: true }).click();
      await page.getByRole('tab', { name: t('console.department.distribution') }).click();
      await expect(page.getByLabel(t('console.distribution.limit'))).toBeVisible();
      await picture(page, 'department');
      await ana.go('/settings/chat/specialists');
      await expect(page.getByText('Carla Reis')).toBeVisible();
      await picture(page, 'projects');
    });

    test('hours, labels and mail', async ({ people }) => {
      const { ana, page } = await desk(people);
      const company = (await world.owner.call<{ items: HoursOf[] }>('GET', '/hours')).items.find(
        ({ owner }) => owner === 'company',
      )!;
      const week = { weekdays: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' };
      const saturday = { weekdays: [6], start: '08:00', end: '12:00' };
      const hours = { ...company.hours, shifts: [week, saturday] };
      await world.owner.call('PUT', '/hours', { owner: 'company', version: company.version, hours });
      await ana.go('/settings/hours');
      await expect(page.getByRole('heading', { name: t('console.hours.title') })).toBeVisible();
      await picture(page, 'hours');

      await ana.go('/settings/labels');
      await page.getByRole('button', { name: t('console.labels.add'), exact: true }).click();
      await ana.dialog.getByLabel(t('console.labels.name')).fill(words.label);
      await ana.dialog.getByRole('radio', { name: t('console.labels.colour.amber') }).check();
      await ana.dialog.getByRole('button', { name: t('console.labels.addCondition') }).click();
      await ana.dialog.getByLabel(t('console.labels.conditionValue')).fill(words.label.toLowerCase());
      await picture(page, 'labels');

      await ana.go('/settings/quick-replies');
      await page.getByRole('button', { name: t('console.quickReplies.add'), exact: true }).click();
      await ana.dialog.getByLabel(t('console.quickReplies.shortcut'), { exact: true }).fill(words.shortcut);
      await ana.dialog.getByLabel(t('console.quickReplies.replyText'), { exact: true }).fill(words.quickReply);
      await picture(page, 'quick-replies');
      await ana.dialog.getByRole('button', { name: t('console.action.cancel') }).click();

      await ana.go('/settings/mail');
      await page.getByLabel(t('console.mail.fromAddress')).fill(words.mail);
      for (const [title, host] of [
        [t('console.mail.smtp'), 'smtp.example.com'],
        [t('console.mail.imap'), 'imap.example.com'],
      ] as const) {
        const section = page.locator('section', { hasText: title });
        await section.getByLabel(t('console.mail.host'), { exact: true }).fill(host);
        await section.getByLabel(t('console.mail.user')).fill(words.mail);
        await section.getByLabel(t('console.mail.password'), { exact: true }).fill('senha de aplicativo');
      }
      await page.getByLabel(t('console.mail.fromAddress')).scrollIntoViewIfNeeded();
      await picture(page, 'mail');
      await page.getByLabel(t('console.mail.loginBy')).click();
      await page.getByRole('option', { name: t('console.mail.byOauth') }).click();
      await page.getByLabel(t('console.mail.clientId')).fill('1029384756-vilaclara.apps.googleusercontent.com');
      await page.getByLabel(t('console.mail.clientSecret'), { exact: true }).fill('segredo do cliente');
      await page.getByRole('heading', { name: t('console.mail.login'), exact: true }).scrollIntoViewIfNeeded();
      await picture(page, 'mail-oauth');
      // Hours would keep everybody away from what comes below.
      const now = (await world.owner.call<{ items: HoursOf[] }>('GET', '/hours')).items.find(
        ({ owner }) => owner === 'company',
      )!;
      await world.owner.call('PUT', '/hours', { owner: 'company', version: now.version, hours: company.hours });
    });

    test('the survey', async ({ people }) => {
      const { ana, page } = await desk(people);
      await ana.go('/settings/chat');
      const on = page.getByRole('switch', { name: t('console.survey.isOn') });
      await expect(on).toBeChecked();
      await picture(page.locator('section', { has: on }), 'surveys');
      await ana.go();
      await world.owner.call('PATCH', '/workspace', { distribution: 'off' });
      await world.owner.say('online');
      const { panel, page: site } = await visitorAt(people, '/pesquisa');
      await begin(new Visitor(site), t, words.question);
      const { id } = await world.owner.waiting('Marina Ribeiro');
      await ana.go('/visitors');
      await expect(page.getByRole('link', { name: t('console.visitors.waiting') })).toBeVisible();
      await picture(page, 'visitors');
      await ana.go(`/conversations/${id}`);
      await world.owner.call('POST', `/conversations/${id}/take`);
      await world.owner.call('POST', `/conversations/${id}/messages`, {
        client_id: crypto.randomUUID(),
        kind: 'reply',
        text: words.answer,
      });
      await expect(panel.getByText(words.answer, { exact: true })).toBeVisible();
      await world.owner.call('POST', `/conversations/${id}/close`);
      const form = panel.getByRole('form', { name: words.survey });
      await form.getByRole('radio', { name: '5', exact: true }).check();
      await form.getByLabel(t('widget.survey.comment')).fill(words.praise);
      await picture(site, 'survey');
      const { conversation } = await world.owner.call<{ conversation: ConversationDetail }>(
        'GET',
        `/conversations/${id}`,
      );
      const context = await people.browser('Marina', { ...options, baseURL: world.program.origin });
      const asked = await visit(context, conversation.survey_link ?? '');
      await asked.getByText('5', { exact: true }).click();
      await asked.getByLabel(t('console.survey.comment')).fill(words.praise);
      await picture(asked.locator('main > div'), 'survey-link');

      const bruno = await Api.at(world.program.origin);
      await bruno.logIn(BRUNO);
      const grades = [5, 5, 4, 5, 3, 4, 5];
      const names = [
        'Igor Nunes',
        'Renata Dias',
        'Rui Prado',
        'Célia Lima',
        'Davi Rocha',
        'Elisa Melo',
        'Marina Ribeiro',
      ];
      for (const [index, grade] of grades.entries()) {
        const comment = index === grades.length - 1 ? words.praise : undefined;
        await rated(world, connection, index % 2 ? world.owner : bruno, names[index]!, { grade, comment });
      }
      await ana.go('/ratings');
      await expect(page.getByText(words.praise)).toBeVisible();
      await picture(page, 'ratings');
    });

    test('offline messages and tickets', async ({ people }) => {
      const { ana, page } = await desk(people);
      await world.owner.say('offline');
      const { id } = connection;
      const settings = { when_offline: 'message' };
      connection = await world.owner.changeWebchat(await world.owner.connection(id), { settings });
      const { version } = await world.owner.call<{ version: number }>('GET', '/mail');
      const smtp = { host: '127.0.0.1', port: 1, security: 'none' };
      const mail = { settings: { from_address: words.mail, smtp } };
      await world.owner.call('PATCH', '/mail', mail, { 'if-match': `"${version}"` });
      const names = ['Igor Nunes', 'Marina Ribeiro'];
      const emails = ['igor@example.com', 'marina@example.com'];
      for (const [index, text] of words.messages.entries()) {
        const { panel, page: site } = await visitorAt(people, `/offline-${index}`);
        const start = panel.getByRole('button', { name: t('widget.home.start') });
        // A page of a moment ago may still say that somebody is there.
        await expect(async () => {
          await site.reload();
          await new Visitor(site).openPanel();
          await start.click({ timeout: 2_000 });
          await expect(panel.getByLabel(t('widget.form.email'))).toBeVisible({ timeout: 2_000 });
        }).toPass();
        await panel.getByLabel(t('widget.form.name')).fill(names[index]!);
        await panel.getByLabel(t('widget.form.email')).fill(emails[index]!);
        await panel.getByLabel(t('widget.form.message')).fill(text);
        if (index === 1) await picture(site, 'offline-form');
        await panel.getByRole('button', { name: t('widget.offline.send') }).click();
        await expect(panel.getByText(t('widget.offline.sent_text', { email: emails[index]! }))).toBeVisible();
      }
      await ana.go('/offline-messages');
      await expect(page.getByRole('row', { name: /Marina Ribeiro/ })).toBeVisible();
      await picture(page, 'offline-messages');
      await page
        .getByRole('row', { name: /Marina Ribeiro/ })
        .getByRole('link')
        .click();
      await page.getByRole('textbox', { name: t('console.offline.reply') }).fill(words.reply);
      const file = { name: words.file, mimeType: 'application/pdf', buffer: Buffer.alloc(182_000, 'x') };
      await page.getByLabel(t('console.offline.attach'), { exact: true }).setInputFiles(file);
      await expect(page.getByText(words.file)).toBeVisible();
      await picture(page, 'offline-reply');

      const { items } = await world.owner.call<{ items: { id: string }[] }>('GET', '/offline-messages');
      const tickets: Ticket[] = [];
      for (const { id } of items) tickets.push(await world.owner.call('POST', `/offline-messages/${id}/ticket`));
      const categories: TicketCategory[] = [];
      for (const name of words.categories)
        categories.push(await world.owner.call('POST', '/ticket-categories', { name }));
      const [me] = (await world.owner.call<{ items: Agent[] }>('GET', '/agents')).items;
      await world.owner.call('PATCH', `/tickets/${tickets[0]!.id}`, { category: categories[1]!.id });
      const change = { category: categories[0]!.id, priority: 'high', assignee: me!.id };
      await world.owner.call('PATCH', `/tickets/${tickets[1]!.id}`, change);
      await ana.go('/tickets');
      await expect(page.getByRole('row', { name: /Igor Nunes/ })).toContainText(words.categories[0]);
      await picture(page, 'tickets');
      await page
        .getByRole('row', { name: /Igor Nunes/ })
        .getByRole('link')
        .click();
      await expect(page.getByLabel(t('console.categories.single'))).toContainText(words.categories[0]);
      await picture(page, 'ticket');
      await ana.go('/settings/categories');
      await expect(page.getByText(words.categories[2])).toBeVisible();
      await picture(page, 'categories');
    });

    test('the plugin for WordPress', async ({ people }) => {
      const site = /address=(\S+)/.exec(process.env.BALCAO_TEST_WORDPRESS ?? '')?.[1];
      test.skip(!site, 'no WordPress: scripts/pictures.sh starts one');
      const context = await people.browser('administrator', options);
      const page = await context.newPage();
      await page.goto(`${site}/wp-login.php`);
      await page.locator('#user_login').fill(language === 'en' ? 'ana' : 'bruno');
      await page.locator('#user_pass').fill('segredo');
      await page.locator('#wp-submit').click();
      await expect(page.locator('#wpadminbar')).toBeVisible();
      await page.goto(`${site}/wp-admin/options-general.php?page=balcao`);
      await page.locator('#balcao-address').fill('https://chat.example.com');
      await page.locator('#balcao-code').fill(connection.code);
      await page.locator('[name="balcao[visitors_only]"]').uncheck();
      await page.addStyleTag({ content: '#wpadminbar { display: none }' });
      await picture(page.locator('.wrap'), 'wordpress');
    });
  });
}

/** Says some words of the page by others, in its texts and in its fields. */
async function reword(page: Page, words: Record<string, string>): Promise<void> {
  await page.evaluate((pairs) => {
    const said = (text: string) => pairs.reduce((text, [from, to]) => text.replaceAll(from, to), text);
    const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) texts.currentNode.nodeValue = said(texts.currentNode.nodeValue ?? '');
    for (const field of document.querySelectorAll('input'))
      if (said(field.value) !== field.value) field.value = said(field.value);
  }, Object.entries(words));
}

async function begin(visitor: Visitor, t: (key: string) => string, text: string): Promise<void> {
  const { page, panel } = visitor;
  await page.locator('button.launcher').click();
  await panel.getByRole('button', { name: t('widget.home.start') }).click();
  await panel.getByLabel(t('widget.form.name')).fill('Marina Ribeiro');
  await panel.getByLabel(t('widget.form.message')).fill(text);
  await panel.getByRole('button', { name: t('widget.form.send') }).click();
  await expect(panel.getByText(text)).toBeVisible();
}
