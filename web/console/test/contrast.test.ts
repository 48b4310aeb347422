// D-042: text on the company's colour, and the company's colour as text, can be read whatever was chosen.
import { expect, test } from 'vitest';
import { inkOn, tint } from '../src/panel/tint';
import { textOn } from '../src/shared/contrast';

/** As WCAG 2 has it. */
function luminance(colour: string): number {
  const [r = 0, g = 0, b = 0] = [1, 3, 5].map((at) => {
    const c = parseInt(colour.slice(at, at + 2), 16) / 255;
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * r + 0.7152 * g + 0.0722 * b;
}

function contrast(a: string, b: string): number {
  const [x, y] = [luminance(a) + 0.05, luminance(b) + 0.05];
  return x > y ? x / y : y / x;
}

const hex = (value: number) => value.toString(16).padStart(2, '0');
const steps = Array.from({ length: 18 }, (_, at) => at * 15);
const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => '#' + hex(r) + hex(g) + hex(b))));
const long = (short: string) => (short === '#fff' ? '#ffffff' : '#000000');

test('the text on any colour passes 4.5:1', () => {
  for (const colour of colours) expect(contrast(colour, long(textOn(colour))), colour).toBeGreaterThanOrEqual(4.5);
});

test('the text on a message that is not sent yet passes 4.5:1', () => {
  const root = document.createElement('div');
  for (const colour of colours) {
    tint(root, colour);
    const pending = root.style.getPropertyValue('--pending');
    expect(contrast(pending, long(textOn(colour))), colour).toBeGreaterThanOrEqual(4.5);
  }
});

test('white is preferred where it can be read', () => {
  expect(textOn('#c2410c')).toBe('#fff');
  expect(textOn('#1f6f5c')).toBe('#fff');
  expect(textOn('#facc15')).toBe('#000');
});

test('the colour as text passes 4.5:1 on both surfaces', () => {
  for (const colour of colours) {
    expect(contrast(inkOn(colour, '#ffffff', '#1d1d1b'), '#ffffff'), colour).toBeGreaterThanOrEqual(4.5);
    expect(contrast(inkOn(colour, '#232322', '#ffffff'), '#232322'), colour).toBeGreaterThanOrEqual(4.5);
  }
});
