// Why somebody may not go online, and what is wrong with hours that were not taken.
import { isApiError, type FieldError } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { tellFailure, toasts } from '../../shell/toasts';
import { meetingDays, type ShiftDraft } from './hours';
import { daysText } from './words';

/** Outside of the hours it is said when they begin. */
export function tellRefusal(error: unknown): void {
  const begins = isApiError(error) && error.code === 'outside_shift' ? error.detail.begins_at : null;
  if (typeof begins === 'string') toasts.fail(t('console.shift.outside', { when: format.ahead(begins) }));
  else tellFailure(error);
}

/** Shifts that meet: also on which days. */
export function faultText({ field, code, message }: FieldError, shifts: readonly ShiftDraft[]): string {
  const index = code === 'shift_overlaps' ? /^hours\.shifts\.(\d+)\./u.exec(field)?.[1] : undefined;
  const days = index === undefined ? [] : meetingDays(shifts, Number(index));
  return days.length ? t('console.hours.overlapsOn', { days: daysText(days) }) : message;
}
