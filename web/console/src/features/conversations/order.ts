// How each list is ordered, and where its loaded part ends.
import type { ConversationList, ConversationRow } from '@balcao/api';

/** Smaller comes first. */
export function compareIn(
  list: ConversationList,
  isWaiting = false,
): (a: ConversationRow, b: ConversationRow) => number {
  const key = isWaiting ? waitingKey : KEYS[list];
  const direction = list === 'queue' || isWaiting ? 1 : -1; // Who waits longest first; else the newest first.
  return (a, b) => {
    const [one, other] = [key(a), key(b)];
    if (one !== other) return (one < other ? -1 : 1) * direction;
    return (a.id < b.id ? -1 : 1) * direction;
  };
}

const waitingKey = (row: ConversationRow): string => row.waiting_since ?? '';

const KEYS: Record<ConversationList, (row: ConversationRow) => string> = {
  queue: (row) => row.queued_at ?? row.opened_at,
  open: (row) => row.last_message?.at ?? row.taken_at ?? row.opened_at,
  closed: (row) => row.closed_at ?? row.opened_at,
};
