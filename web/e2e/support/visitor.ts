// A visitor of the company's site: the launcher in its shadow root, the panel in its frame.
import { expect, type BrowserContext, type FrameLocator, type Locator, type Page } from '@playwright/test';
import { t } from './texts';

/** The loader's shadow root is closed to the site; opened here, so that tests and axe can see into it. */
export async function openShadowRoots(context: BrowserContext): Promise<void> {
  await context.addInitScript(() => {
    const attach = Element.prototype.attachShadow;
    Element.prototype.attachShadow = function (init) {
      return attach.call(this, { ...init, mode: 'open' });
    };
  });
}

export class Visitor {
  readonly launcher: Locator;
  readonly frame: Locator;
  readonly panel: FrameLocator;
  readonly field: Locator;
  readonly bubbles: Locator;
  /** The word under the visitor's last message: waiting, sending, sent, delivered, read. */
  readonly mark: Locator;
  readonly lines: Locator;

  constructor(
    readonly page: Page,
    /** The pop-up chat is the panel without a frame. */
    isPopup = false,
  ) {
    this.launcher = page.locator('button.launcher');
    this.frame = page.locator('iframe[title=Chat]');
    this.panel = isPopup ? (page as unknown as FrameLocator) : page.frameLocator('iframe[title=Chat]');
    this.field = this.panel.getByRole('textbox', { name: t('widget.composer.label'), exact: true });
    this.bubbles = this.panel.locator('.bubble:not(.typing)');
    this.mark = this.panel.locator('.mark');
    this.lines = this.panel.getByRole('log');
  }

  /** Opens it, where it does not stand open already: what was open in a visit is open on its next page. */
  async openPanel(): Promise<void> {
    await expect(this.launcher).toBeVisible();
    if ((await this.launcher.getAttribute('aria-expanded')) !== 'true') await this.launcher.click();
    await expect(this.panel.locator('.screen')).toBeVisible();
  }

  /** From the home screen to where one writes, by way of the form where it is asked. */
  async start(text: string, name = 'Marina Ribeiro'): Promise<void> {
    await this.openPanel();
    await this.panel.getByRole('button', { name: t('widget.home.start') }).click();
    const form = this.panel.locator('form.screen');
    await expect(form.or(this.field)).toBeVisible();
    if (await form.isVisible()) {
      // Its fields are shown once their looks are there.
      await expect(this.panel.getByLabel(t('widget.form.message'))).toBeVisible();
      const asked = this.panel.getByLabel(t('widget.form.name'));
      if (await asked.isVisible()) await asked.fill(name);
      await this.panel.getByLabel(t('widget.form.message')).fill(text);
      await this.panel.getByRole('button', { name: t('widget.form.send') }).click();
    } else {
      await this.write(text);
    }
    await expect(this.bubbles.filter({ hasText: text })).toBeVisible();
  }

  /** Leaves a message where nobody is online; the address is made of the name. */
  async leave(name: string, text: string): Promise<void> {
    await this.openPanel();
    await this.panel.getByRole('button', { name: t('widget.home.start') }).click();
    await this.panel.getByLabel(t('widget.form.name')).fill(name);
    const email = `${name.split(' ')[0]?.toLowerCase()}@exemplo.test`;
    await this.panel.getByLabel(t('widget.form.email')).fill(email);
    await this.panel.getByLabel(t('widget.form.message')).fill(text);
    await this.panel.getByRole('button', { name: t('widget.offline.send') }).click();
    await expect(this.panel.getByText(t('widget.offline.sent_text', { email }))).toBeVisible();
  }

  async write(text: string): Promise<void> {
    await this.field.fill(text);
    await this.field.press('Enter');
  }

  async expectMark(mark: 'waiting' | 'sending' | 'sent' | 'delivered' | 'read'): Promise<void> {
    await expect(this.mark).toHaveText(t(`widget.message.${mark}`));
  }

  /** Every message on screen, oldest first. */
  async expectTexts(texts: string[]): Promise<void> {
    await expect(this.bubbles).toHaveText(texts);
  }
}
