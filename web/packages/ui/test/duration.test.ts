import { expect, test } from 'vitest';
import { inUnit, minutesIn, unitOf } from '../src/controls/duration';

test('a length of time is said in the largest unit that fits, or in the chosen one while it fits', () => {
  expect(['0', '5', '60', '90', '1440', '2880', '1500'].map((minutes) => unitOf(minutes))).toEqual([
    'minutes',
    'minutes',
    'hours',
    'minutes',
    'days',
    'days',
    'hours',
  ]);
  expect(unitOf('120', 'minutes')).toBe('minutes');
  expect(unitOf('90', 'hours')).toBe('minutes');
  expect(unitOf('0', 'days')).toBe('days');
});

test('numbers go into minutes and back, and what is none stands as it was typed', () => {
  expect(minutesIn('2', 'days')).toBe('2880');
  expect(inUnit('2880', 'days')).toBe('2');
  for (const typed of ['', 'x', '1.5', '-1'])
    expect([minutesIn(typed, 'hours'), inUnit(typed, 'hours')]).toEqual([typed, typed]);
});
