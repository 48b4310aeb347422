// An agent at the console, as a person finds their way: by names and roles.
import { expect, type Locator, type Page } from '@playwright/test';
import { t } from './texts';

export class Desk {
  readonly rows: Locator;
  readonly conversation: Locator;
  readonly timeline: Locator;
  readonly reply: Locator;
  readonly note: Locator;
  readonly bubbles: Locator;
  readonly toasts: Locator;
  readonly dialog: Locator;

  constructor(readonly page: Page) {
    this.rows = page.locator('[data-row] a');
    this.conversation = page.getByRole('region', { name: t('console.conversation.region') });
    this.timeline = page.getByRole('region', { name: t('console.timeline.region'), exact: true });
    this.reply = page.getByRole('textbox', { name: t('console.composer.replyField') });
    this.note = page.getByRole('textbox', { name: t('console.composer.noteField') });
    this.bubbles = this.timeline.locator('.rounded-lg.border');
    this.toasts = page.getByRole('region', { name: t('console.shell.toasts') });
    this.dialog = page.getByRole('dialog');
  }

  async go(path = '/conversations'): Promise<void> {
    await this.page.goto(path);
    await expect(this.page.locator('main#main')).toBeVisible();
  }

  tab(name: 'queue' | 'open' | 'closed'): Locator {
    return this.page.getByRole('tab', { name: new RegExp(`^${t(`console.list.${name}`)}`) });
  }

  row(name: string): Locator {
    return this.rows.filter({ hasText: name });
  }

  async openRow(name: string): Promise<void> {
    await this.row(name).click();
    await expect(this.conversation.getByRole('heading', { name: new RegExp(name) })).toBeVisible();
  }

  button(key: string): Locator {
    return this.page.getByRole('button', { name: t(key), exact: true });
  }

  /** A button of the open conversation. */
  act(key: string): Locator {
    return this.conversation.getByRole('button', { name: t(key), exact: true });
  }

  /** Saves a form, and waits for the answer: a sentence of an earlier saving may still stand there. */
  async save(): Promise<void> {
    const isWriting = (method: string) => method !== 'GET' && method !== 'HEAD';
    const answer = this.page.waitForResponse((response) => isWriting(response.request().method()));
    await this.button('console.action.save').click();
    expect((await answer).ok()).toBe(true);
    await expect(this.toasts.getByText(t('console.form.saved')).last()).toBeVisible();
  }

  /** Types into the palette, once it listens. */
  async seek(words: string): Promise<void> {
    await this.page.keyboard.press('Control+k');
    await expect(this.page.getByRole('dialog').getByRole('combobox')).toBeFocused();
    await this.page.keyboard.type(words);
  }

  async write(text: string): Promise<void> {
    await this.reply.fill(text);
    await this.reply.press('Enter');
  }

  /** The tick beside our last group of messages. */
  tick(state: 'sending' | 'sent' | 'delivered' | 'read'): Locator {
    return this.timeline.getByRole('img', { name: t(`console.delivery.${state}`), exact: true });
  }

  async expectTexts(texts: string[]): Promise<void> {
    await expect(this.bubbles).toHaveText(texts);
  }

  /** Settings pages and menus. */
  async choose(menu: Locator, item: string): Promise<void> {
    await menu.click();
    const named = { name: item, exact: true };
    await this.page.getByRole('menuitem', named).or(this.page.getByRole('menuitemradio', named)).click();
  }

  async logIn(email: string, password: string): Promise<void> {
    await this.page.getByLabel(t('console.access.email'), { exact: true }).fill(email);
    await this.page.getByLabel(t('console.access.password'), { exact: true }).fill(password);
    await this.button('console.access.logIn').click();
  }
}
