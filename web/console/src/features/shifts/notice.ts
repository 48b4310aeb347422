// What somebody is told when the clock has changed their status (T-113, T-115).
import type { Me, Status } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { onDay } from './words';

/** Also where a manager has let somebody stay. `before`: the person a moment ago, `status` and `after` as they are now; nothing where the person has done it. */
export function shiftNotice(before: Me, status: Status, after: Me): string | null {
  const { held_status, until, extended_until, day } = after.shift;
  if (extended_until && extended_until !== before.shift.extended_until)
    return t('console.shift.extendedForYou', { when: format.ahead(extended_until) });
  if (status === 'offline' && before.status !== 'offline' && held_status)
    return onDay(day, until ? t('console.shift.endedUntil', { when: format.ahead(until) }) : t('console.shift.ended'));
  if (status !== 'offline' && before.shift.held_status && !held_status) return t('console.shift.begun');
  return null;
}
