// How many conversations at once: what may be written there.
import { t } from '../../i18n/i18n.svelte';

const LEAST = 1;
const MOST = 100;

/** What is wrong with it, or nothing. */
export function limitFault(text: string): string | null {
  const value = /^\s*\d+\s*$/.test(text) ? Number(text) : NaN;
  return value >= LEAST && value <= MOST ? null : t('console.distribution.limitFault', { least: LEAST, most: MOST });
}
