// What is calculated about ratings: periods, shares, and what is said of them in words.
import type { GradeCount, RatingFigures, RatingCounts } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';
import { format } from '../../i18n/format.svelte';

/** How many days, or dates of one's own. */
export type Days = '7' | '30' | '90' | 'own';
export const DAYS: readonly Days[] = ['7', '30', '90', 'own'];

export interface Period {
  /** Days of the calendar, as 2026-11-20, both included. */
  from: string;
  to: string;
}

const DAY = 86_400_000;

/** So many days, of which this is the last. */
export function daysUntil(to: string, days: number): Period {
  const from = new Date(Date.parse(`${to}T00:00:00Z`) - (days - 1) * DAY);
  return { from: from.toISOString().slice(0, 10), to };
}

/** How many were asked, as far as that is known, and which share of them gave a grade. */
export function answeredOf({ ratings, skipped, unanswered }: RatingCounts): { asked: number; share: number } | null {
  if (unanswered === null) return null;
  const asked = ratings + skipped + unanswered;
  return asked > 0 ? { asked, share: ratings / asked } : null;
}

export interface Bar extends GradeCount {
  /** Of all ratings, 0 to 1. */
  share: number;
  /** Of the longest bar, 0 to 1. */
  length: number;
}

/** The bars of a distribution, the best grade first. */
export function barsOf(grades: readonly GradeCount[]): Bar[] {
  const whole = grades.reduce((sum, { ratings }) => sum + ratings, 0);
  const longest = Math.max(1, ...grades.map(({ ratings }) => ratings));
  return grades
    .map((one) => ({ ...one, share: whole ? one.ratings / whole : 0, length: one.ratings / longest }))
    .reverse();
}

/** "5: 3, 4: 1": the grades that were given, in words; empty where none was. */
export const gradesText = (grades: readonly GradeCount[]): string =>
  barsOf(grades)
    .filter(({ ratings }) => ratings > 0)
    .map(({ grade, ratings }) => `${grade}: ${format.number(ratings)}`)
    .join(', ');

export const meanText = ({ mean }: RatingCounts): string =>
  mean === null ? t('console.ratings.none') : format.decimal(mean);

/** That some grades were given on other scales, and how they count; null where all are of one. */
export function otherScalesText({ other_scales: others, lowest, highest }: RatingFigures): string | null {
  if (!others.length) return null;
  const count = others.reduce((sum, { ratings }) => sum + ratings, 0);
  const scales = format.list(others.map((other) => t('console.ratings.scale', other)));
  return t('console.ratings.converted', { count, scales, lowest, highest });
}
