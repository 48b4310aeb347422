// Pictures of a screen for looking at: wide, tablet and phone, light and dark; and what axe says about it.
import { fileURLToPath } from 'node:url';
import type { Frame, Page } from '@playwright/test';
import { violations } from './axe';
import { expect } from './test';

const folder = fileURLToPath(new URL('../screenshots/', import.meta.url));
const SIZES = [
  { width: 1440, height: 900 },
  { width: 1024, height: 768 },
  { width: 380, height: 760 },
];

/** Laid out anew for the size and the theme, and drawn. */
async function settled(frame: Frame): Promise<void> {
  await frame.evaluate(async () => {
    const drawn = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    await drawn();
    await Promise.allSettled(
      document.getAnimations().map(({ finished, effect }) => effect?.getTiming().iterations === Infinity || finished),
    );
    await drawn();
  });
}

/** Colours differ by theme, structure by width: three of the six say it all. */
const isChecked = (width: number, theme: 'light' | 'dark'): boolean =>
  width === 1440 || (width === 380 && theme === 'light');

/** Where nobody looks at them, axe alone does. */
const areTaken = process.env.BALCAO_PICTURES !== 'no';

interface Screen {
  page: Page;
  name: string;
  /** Runs after each change of size or theme, for what does not survive it. */
  arrange?: () => Promise<void>;
  sizes?: number[];
}

export async function show({ page, name, arrange, sizes = [1440, 1024, 380] }: Screen): Promise<void> {
  await page.mouse.move(0, 0); // A tooltip is no part of the screen.
  for (const colorScheme of ['light', 'dark'] as const) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const size of SIZES.filter(({ width }) => sizes.includes(width))) {
      await page.setViewportSize(size);
      await arrange?.();
      if (!areTaken && !isChecked(size.width, colorScheme)) continue;
      await Promise.all(page.frames().map(settled));
      if (areTaken) await page.screenshot({ path: `${folder}${name}-${size.width}-${colorScheme}.png` });
      if (!isChecked(size.width, colorScheme)) continue;
      const frames = page.frames();
      const found = await violations(page, frames.length > 1 ? frames.slice(1) : frames);
      expect.soft(found, `${name} at ${size.width} px, ${colorScheme}`).toEqual([]);
    }
  }
}
