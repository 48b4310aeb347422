// How long somebody has been waiting for us, and when that becomes too long.
import type { ConversationRow } from '@balcao/api';
import { clock } from '../../i18n/clock.svelte';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { live } from '../live/live.svelte';

const MINUTE = 60_000;
const USUAL_MINUTES = 10;

export interface Waiting {
  text: string;
  level: 'fine' | 'slow' | 'late';
}

export function waitingOf(row: ConversationRow): Waiting | null {
  const since = waitingSince(row);
  if (!since) return null;
  const millis = clock.now - Date.parse(since);
  // The company's limit, and half of it; 0 is none (Z-124).
  const late = MINUTE * (live.state.workspace?.late_minutes ?? USUAL_MINUTES) || Infinity;
  const level = millis >= late ? 'late' : millis >= late / 2 ? 'slow' : 'fine';
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
