// What was given to somebody by others, or taken from them: which event says so. Pure, so that it can be tested without sound.
import type { ConversationRow } from '@balcao/api';
import type { StateFrame } from '@balcao/live';

export interface Handed {
  row: ConversationRow;
  /** Who gave it; null where distribution did. */
  by: string | null;
}

/**
 * A conversation that has become mine without my doing. A visitor who writes again to the same agent gives nothing new:
 * the message says so itself. `before`: the row as it was held.
 */
export function handedTo(me: string, frame: StateFrame, before: ConversationRow | undefined): Handed | null {
  if (frame.t !== 'event') return null;
  const { event } = frame;
  switch (event.kind) {
    case 'conversation_taken': // By distribution: nobody takes for somebody else.
      return event.actor.kind === 'agent' ? null : given(me, event.conversation, null);
    case 'conversation_transferred':
    case 'conversation_taken_back':
    case 'conversation_reopened': {
      const { actor, conversation } = event;
      const wasMine = before?.state === 'open' && before.assignee_id === me;
      return wasMine || actor.kind === 'visitor' || actor.id === me ? null : given(me, conversation, actor.name);
    }
    default:
      return null;
  }
}

export interface Lost {
  /** As it is now; as it was, where one may not see it any more. */
  row: ConversationRow;
  /** Which colleague did it; null for the visitor. */
  by: string | null;
  how: 'taken' | 'takenBack' | 'moved' | 'closed' | 'visitor';
}

/** A conversation that was mine and that a colleague has taken over, moved away or closed, or whose visitor wants somebody else. */
export function lostBy(me: string, frame: StateFrame, before: ConversationRow | undefined): Lost | null {
  if (frame.t !== 'event' || before?.state !== 'open' || before.assignee_id !== me) return null;
  const { event } = frame;
  switch (event.kind) {
    case 'conversation_transferred':
    case 'conversation_taken_back':
    case 'conversation_returned':
    case 'conversation_closed': {
      const { actor, conversation: row } = event;
      if (actor.kind === 'visitor' && row.state === 'queue') return { row, by: null, how: 'visitor' };
      if (actor.kind !== 'agent' || actor.id === me || given(me, row, null)) return null;
      return { row, by: actor.name ?? '', how: howOf(event.kind, row, actor.id) };
    }
    case 'conversation_gone': {
      const { actor } = event;
      return actor.kind === 'agent' && actor.id !== me ? { row: before, by: actor.name ?? '', how: 'moved' } : null;
    }
    default:
      return null;
  }
}

function howOf(kind: string, row: ConversationRow, by: string | null): Lost['how'] {
  if (row.state === 'closed') return 'closed';
  if (kind === 'conversation_taken_back') return 'takenBack';
  return row.assignee_id === by ? 'taken' : 'moved';
}

function given(me: string, row: ConversationRow, by: string | null): Handed | null {
  return row.state === 'open' && row.assignee_id === me ? { row, by } : null;
}
