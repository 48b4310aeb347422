// D-042: text on the company's colour can be read whatever was chosen.
import { expect, test } from 'vitest';
import { contrast, textOn } from '../src/features/connections/contrast';

const hex = (value: number) => value.toString(16).padStart(2, '0');
const steps = Array.from({ length: 18 }, (_, at) => at * 15);
const colours = steps.flatMap((r) => steps.flatMap((g) => steps.map((b) => '#' + hex(r) + hex(g) + hex(b))));

test('the figures everybody quotes', () => {
  expect(contrast('#000000', '#ffffff')).toBeCloseTo(21, 9);
  expect(contrast('#777777', '#ffffff')).toBeCloseTo(4.478, 3);
});

test('the text on any colour passes 4.5:1', () => {
  for (const colour of colours) expect(contrast(colour, textOn(colour)), colour).toBeGreaterThanOrEqual(4.5);
});

test('white is preferred where it can be read', () => {
  expect(['#c2410c', '#1f6f5c', '#facc15'].map(textOn)).toEqual(['#ffffff', '#ffffff', '#000000']);
});
