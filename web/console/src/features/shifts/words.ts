// What is said of hours in one line.
import type { ShiftNow } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { WEEK, type SpanDraft } from './hours';

interface Now {
  readonly is_open: boolean;
  readonly until?: string | null;
  readonly day?: string | null;
}

/** "Aberto até hoje às 18:00": whether somebody is there, until when, and which exceptional day is today. */
export function nowText({ is_open, until, day }: Now): string {
  return onDay(day, isOpenText(is_open, until));
}

/** "Natal: fechado": an exceptional day is named before what is said of it. */
export const onDay = (day: string | null | undefined, text: string): string =>
  day ? t('console.hours.onDay', { day, text }) : text;

function isOpenText(is_open: boolean, until: string | null | undefined): string {
  if (!until) return is_open ? t('console.hours.alwaysOpen') : t('console.hours.closed');
  const when = format.ahead(until);
  return is_open ? t('console.hours.openUntil', { when }) : t('console.hours.closedUntil', { when });
}

/** "08:00 às 12:00, 13:00 às 18:00", or that it is closed. */
export function spansText(spans: readonly SpanDraft[]): string {
  if (spans.length === 0) return t('console.hours.closedDay');
  return spans.map(({ start, end }) => t('console.hours.span', { start, end })).join(', ');
}

/** "segunda-feira a sexta-feira", "segunda-feira e quinta-feira", "todos os dias". */
export function daysText(days: readonly number[]): string {
  if (days.length === WEEK.length) return t('console.hours.everyDay');
  const names = days.map((day) => format.weekdayWithin(day));
  const isRun = days.length > 2 && days.every((day, index) => day === days[0]! + index);
  return isRun ? t('console.hours.dayRange', { first: names[0]!, last: names.at(-1)! }) : format.list(names);
}

/** One's own: nothing where nobody has set any hours. */
export function ownShiftText(shift: ShiftNow): string {
  const text = shiftText(shift);
  return text && onDay(shift.day, text);
}

function shiftText({ is_open, until, extended_until }: ShiftNow): string {
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
