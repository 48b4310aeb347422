// What a console that is never reloaded forgets, so that a long shift does not fill the browser: timelines not looked at for long, and closed
// conversations beyond those that lists show. All of it is fetched again when it is asked for.
import type { ConversationRow } from '@balcao/api';
import type { LiveState } from './state';

export const TIMELINES_KEPT = 30;
/** So many closed conversations may pile up before all but the newest are forgotten. */
const CLOSED_MOST = 2_000;
const CLOSED_KEPT = 500;

/** Timelines stand in the order in which they were last opened; `on screen` stays. */
export function forgetTimelines(state: LiveState, onScreen: string): LiveState {
  const surplus = state.timelines.size - TIMELINES_KEPT;
  if (surplus <= 0) return state;
  const timelines = new Map(state.timelines);
  for (const id of [...timelines.keys()].slice(0, surplus)) {
    if (id !== onScreen) timelines.delete(id);
  }
  return { ...state, timelines };
}

/** The same state where nothing has to go; else lists must be fetched anew, for their pages are not whole any more. */
export function forgetClosed(state: LiveState): LiveState {
  const closed = [...state.conversations.values()].filter((row) => row.state === 'closed');
  if (closed.length <= CLOSED_MOST) return state;
  const kept = new Set(closed.sort(newestFirst).slice(0, CLOSED_KEPT));
  const conversations = new Map(
    [...state.conversations].filter(([id, row]) => row.state !== 'closed' || kept.has(row) || state.timelines.has(id)),
  );
  return { ...state, conversations };
}

const newestFirst = (one: ConversationRow, other: ConversationRow): number =>
  (other.closed_at ?? '').localeCompare(one.closed_at ?? '');
