// Pictures for docs/guide: where they lie, which of them the pages name, and how one is taken.
import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Locator, Page } from '@playwright/test';
import type { Language } from './texts';

export const GUIDE = fileURLToPath(new URL('../../../docs/guide/', import.meta.url));
const folderOf = (language: Language) => join(GUIDE, 'pictures', language);
const pagesOf = (language: Language) => (language === 'en' ? GUIDE : join(GUIDE, language));

/** Only when asked: else the tests look whether what the pages name is there. */
export const isAsked = Boolean(process.env.BALCAO_GUIDE_PICTURES);
export const LIMIT = { bytes: 120 * 1024, width: 1200 };
const ROOM = 20;
export const WINDOW = { width: 1200, height: 780 };

/** The pictures that a language's pages name, each with its page, as the pages write it. */
export function named(language: Language): { page: string; address: string }[] {
  const files = readdirSync(pagesOf(language)).filter((file) => file.endsWith('.md'));
  return files.flatMap((file) => {
    const text = readFileSync(join(pagesOf(language), file), 'utf8');
    const page = file.replace(/\.md$/, '');
    return [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, address = '']) => ({ page, address }));
  });
}

export const addressOf = (name: string, language: Language): string =>
  language === 'en' ? `pictures/en/${name}.png` : `../pictures/${language}/${name}.png`;

export const pathOf = (name: string, language: Language): string => join(folderOf(language), `${name}.png`);

export const kept = (language: Language): string[] =>
  readdirSync(folderOf(language)).map((file) => file.replace(/\.png$/, ''));

/** How wide, as the PNG file itself says it. */
export function measured(name: string, language: Language): { bytes: number; width: number } {
  const file = readFileSync(pathOf(name, language));
  return { bytes: file.length, width: file.readUInt32BE(16) };
}

/** Takes one, of a page or, with some room around it, of a part; nothing moves, nothing is pointed at or has the focus. */
export async function take(what: Page | Locator, name: string, language: Language): Promise<void> {
  mkdirSync(folderOf(language), { recursive: true });
  const part = 'page' in what ? what : null;
  const page = 'page' in what ? what.page() : what;
  await page.mouse.move(0, 0);
  await page.evaluate(async () => {
    if (!document.querySelector('[role=dialog]')) (document.activeElement as HTMLElement | null)?.blur();
    await document.fonts.ready;
  });
  await part?.scrollIntoViewIfNeeded();
  const box = await part?.boundingBox();
  const scrolled = await page.evaluate(() => [scrollX, scrollY] as const);
  const clip = box
    ? {
        x: Math.max(0, box.x + scrolled[0] - ROOM),
        y: Math.max(0, box.y + scrolled[1] - ROOM),
        width: box.width + 2 * ROOM,
        height: box.height + 2 * ROOM,
      }
    : undefined;
  const path = pathOf(name, language);
  await page.screenshot({ path, clip, fullPage: Boolean(part), animations: 'disabled', caret: 'hide' });
}
