// How long somebody has been waiting for us, and when that becomes too long.
import type { ConversationRow } from '@balcao/api';
import { clock } from '../../i18n/clock.svelte';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';

const MINUTE = 60_000;
export const SLOW_AFTER = 5 * 60_000;
export const LATE_AFTER = 10 * 60_000;

export interface Waiting {
  text: string;
  level: 'fine' | 'slow' | 'late';
}

export function waitingOf(row: ConversationRow): Waiting | null {
  const since = waitingSince(row);
  if (!since) return null;
  const millis = clock.now - Date.parse(since);
  const level = millis >= LATE_AFTER ? 'late' : millis >= SLOW_AFTER ? 'slow' : 'fine';
  // While an agent is at it, a minute is no wait.
  if (row.state === 'open' && millis < MINUTE) return null;
  const text =
    millis < MINUTE ? t('console.list.arrived') : t('console.list.waiting', { time: format.duration(millis) });
  return { text, level };
}

function waitingSince(row: ConversationRow): string | null {
  if (row.state === 'queue') return row.queued_at ?? row.opened_at;
  return row.state === 'open' ? row.waiting_since : null;
}
