// Ratings in figures: periods, shares, and what is said where there is nothing, or another scale.
import type { RatingFigures, RatingCounts } from '@balcao/api';
import { beforeEach, describe, expect, it } from 'vitest';
import { answeredOf, barsOf, daysUntil, gradesText, meanText, otherScalesText } from '../src/features/surveys/ratings';
import { i18n } from '../src/i18n/i18n.svelte';

const tally = (change: Partial<RatingCounts> = {}): RatingCounts => ({
  ratings: 0,
  skipped: 0,
  unanswered: null,
  mean: null,
  grades: [1, 2, 3, 4, 5].map((grade) => ({ grade, ratings: 0 })),
  ...change,
});
const given = (...counts: number[]) => counts.map((ratings, index) => ({ grade: index + 1, ratings }));

beforeEach(() => i18n.use('pt-BR'));

it('a period holds its last day, across months and the change of the clock', () => {
  expect(daysUntil('2026-11-20', 7)).toEqual({ from: '2026-11-14', to: '2026-11-20' });
  expect(daysUntil('2026-03-01', 30)).toEqual({ from: '2026-01-31', to: '2026-03-01' });
  expect(daysUntil('2026-04-01', 90).from).toBe('2026-01-02');
});

//
it('where nobody has rated there is no mean, and no share of anything', () => {
  expect(meanText(tally())).toBe('Sem avaliações');
  expect(meanText(tally({ ratings: 1, mean: 1 }))).toBe('1,0');
  expect(gradesText(tally().grades)).toBe('');
  expect(barsOf(tally().grades).map(({ share, length }) => [share, length])).toEqual(Array(5).fill([0, 0]));
});

it('bars begin with the best grade; the longest has the whole width', () => {
  const bars = barsOf(given(1, 0, 0, 1, 2));
  expect(bars.map(({ grade, share, length }) => [grade, share, length])).toEqual([
    [5, 0.5, 1],
    [4, 0.25, 0.5],
    [3, 0, 0],
    [2, 0, 0],
    [1, 0.25, 0.5],
  ]);
  expect(gradesText(given(1, 0, 0, 1, 2))).toBe('5: 2, 4: 1, 1: 1');
});

describe('how many have answered', () => {
  it('is not said where it is not known, or nobody was asked', () => {
    expect(answeredOf(tally({ ratings: 3, skipped: 1 }))).toBeNull();
    expect(answeredOf(tally({ unanswered: 0 }))).toBeNull();
  });

  it('counts as asked who has left it out, and who has not answered', () => {
    expect(answeredOf(tally({ ratings: 3, skipped: 1, unanswered: 2 }))).toEqual({ asked: 6, share: 0.5 });
  });
});

// T-182
it('other scales are named with how many grades were given on them', () => {
  const figures = { lowest: 0, highest: 10, other_scales: [] } as unknown as RatingFigures;
  expect(otherScalesText(figures)).toBeNull();
  const others = [
    { lowest: 1, highest: 5, ratings: 2 },
    { lowest: 0, highest: 3, ratings: 1 },
  ];
  const text = otherScalesText({ ...figures, other_scales: others });
  expect(text).toContain('3 notas foram dadas em outra escala (de 1 a 5 e de 0 a 3)');
  expect(text).toContain('a menor nota vale 0, a maior vale 10');
});
