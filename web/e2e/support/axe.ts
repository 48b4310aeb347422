// axe-core in a page and its frames. The source is evaluated by the browser itself, so the strict policy stays in force.
import { createRequire } from 'node:module';
import { readFileSync } from 'node:fs';
import type { Frame, Page } from '@playwright/test';
import type { AxeResults } from 'axe-core';

const source = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

async function check(frame: Frame): Promise<string[]> {
  await frame.evaluate(source);
  const results = await frame.evaluate(async () => {
    const { axe } = window as unknown as { axe: { run(options: object): Promise<AxeResults> } };
    return axe.run({ iframes: false, resultTypes: ['violations'] });
  });
  return results.violations.flatMap(({ id, help, nodes }) =>
    nodes.map(
      (node) => `${id}: ${help}: ${node.html.slice(0, 200)} (${node.any[0]?.message ?? node.all[0]?.message ?? ''})`,
    ),
  );
}

/** Every violation in the page, or only in the panel where the page around it is not ours. */
export async function violations(page: Page, frames: Frame[] = [page.mainFrame()]): Promise<string[]> {
  return (await Promise.all(frames.map(check))).flat();
}
