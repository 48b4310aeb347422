// Every text colour can be read on every surface it stands on, in both themes (WCAG 2: 4.5 to 1).
import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const css = readFileSync(new URL('../src/tokens.css', import.meta.url), 'utf8');
const tokens = new Map(
  [...css.matchAll(/--([a-z0-9-]+): light-dark\((#[0-9a-f]{6}), (#[0-9a-f]{6})\);/g)].map((found) => [
    found[1]!,
    { light: found[2]!, dark: found[3]! },
  ]),
);

function luminance(hex: string): number {
  const [red, green, blue] = [1, 3, 5].map((start) => {
    const part = parseInt(hex.slice(start, start + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red! + 0.7152 * green! + 0.0722 * blue!;
}

function contrast(a: string, b: string): number {
  const [dark, light] = [luminance(a), luminance(b)].sort((one, other) => one - other);
  return (light! + 0.05) / (dark! + 0.05);
}

const surfaces = ['surface', 'surface-raised', 'surface-sunken', 'surface-hover', 'accent-soft', 'note'];
const texts = ['text', 'text-muted', 'text-faint', 'accent', 'ok', 'warn', 'danger', 'info'];
const states = ['ok', 'warn', 'danger', 'info'];
const hues = [1, 2, 3, 4, 5, 6, 7, 8].map((number) => `hue-${number}`);

const pairs: [string, string, number][] = [
  ...texts.flatMap((text) => surfaces.map((surface): [string, string, number] => [text, surface, 4.5])),
  ...states.flatMap((state): [string, string, number][] => [
    [state, `${state}-soft`, 4.5],
    ['text', `${state}-soft`, 4.5],
    ['text-muted', `${state}-soft`, 4.5],
  ]),
  ...hues.flatMap((hue): [string, string, number][] => [
    [hue, `${hue}-soft`, 4.5],
    [hue, 'surface', 4.5],
    [hue, 'surface-raised', 4.5],
  ]),
  ['accent-text', 'accent', 4.5],
  ['accent-text', 'accent-hover', 4.5],
  ['danger-text', 'danger', 4.5],
  ['danger-text', 'danger-hover', 4.5],
  ['note-strong', 'note', 4.5],
  ['note-strong-text', 'note-strong', 4.5],
  ['mark-text', 'mark', 4.5],
  ['mark-strong-text', 'mark-strong', 4.5],
  ['line-field', 'surface-raised', 3],
  ['line-field', 'surface', 3],
  ['focus', 'surface', 3],
  ['focus', 'surface-raised', 3],
  ['focus', 'accent-soft', 3],
];

describe.each(['light', 'dark'] as const)('%s theme', (theme) => {
  it.each(pairs)('%s on %s reaches %d', (text, surface, least) => {
    expect(tokens.has(text) && tokens.has(surface)).toBe(true);
    expect(contrast(tokens.get(text)![theme], tokens.get(surface)![theme])).toBeGreaterThanOrEqual(least);
  });
});
