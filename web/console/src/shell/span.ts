// Lengths of time that are set, in minutes.
import { format } from '../i18n/format.svelte';
import { t } from '../i18n/i18n.svelte';

/** A day's minutes. */
export const DAY = 1_440;

/** What is wrong with what was typed for a length of time, or nothing. */
export function spanFault(text: string, least: number, most: number): string | null {
  const minutes = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  if (minutes >= least && minutes <= most) return null;
  const words = (count: number) => format.duration(60_000 * count);
  return t('console.form.spanFault', { least: words(least), most: words(most) });
}
