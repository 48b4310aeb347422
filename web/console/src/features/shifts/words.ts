// What is said of hours in one line.
import type { ShiftNow } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { WEEK } from './hours';

interface Now {
  readonly is_open: boolean;
  readonly until?: string | null;
}

/** "Aberto até hoje às 18:00": whether somebody is there, and until when. */
export function nowText({ is_open, until }: Now): string {
  if (!until) return is_open ? t('console.hours.alwaysOpen') : t('console.hours.closed');
  const when = format.ahead(until);
  return is_open ? t('console.hours.openUntil', { when }) : t('console.hours.closedUntil', { when });
}

/** One's own: nothing where nobody has set any hours. */
export function ownShiftText({ is_open, until, extended_until }: ShiftNow): string {
  if (extended_until) return t('console.shift.extendedUntil', { when: format.ahead(extended_until) });
  if (!until) return is_open ? '' : t('console.shift.closed');
  const when = format.ahead(until);
  return is_open ? t('console.shift.until', { when }) : t('console.shift.from', { when });
}

/** Names of the days of the week, Monday first, and their first letters. */
export const weekdays = (): { value: number; name: string; letter: string }[] =>
  WEEK.map((value) => {
    const name = format.weekday(value);
    return { value, name, letter: name.charAt(0) };
  });
