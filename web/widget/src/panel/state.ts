// The one reducer: folds the server's frames into what the visitor sees. Pure; frames may come twice.
import type { FileShown } from '@balcao/files';
import type { Closed } from '../shared/config';
import type { Ack, Conversation, Entry, Marks, ServerFrame, Welcome } from './protocol';

/** An entry with the key under which it is drawn. */
export type Row = Entry & { key: string };

/** A conversation with what is held of it. */
export interface Part {
  conversation: Conversation;
  rows: Row[];
}

export interface State {
  online: boolean;
  /** When the hours begin, while they do not run. */
  closed?: Closed | null;
  conversation: Conversation | null;
  /** The conversations before this one, oldest first. */
  past: Part[];
  rows: Row[];
  /** The highest `seq` held without a gap. */
  last: number;
  /** The server has rows of the oldest conversation before its first one here. */
  earlier: boolean;
  /** The conversation before the oldest one here, once all of that one is. */
  previous: string | null;
  /** How far the agent's side has got. */
  marks: Marks;
  /** The visitor's place in the queue. */
  queue: number | null;
  /** Who is typing; `''` for somebody without a name. */
  typing: string | null;
}

export interface Applied {
  state: State;
  /** Something is missing: say `hello` again. */
  gap: boolean;
}

/** A page of earlier rows. */
export type Older = Pick<Welcome, 'entries' | 'earlier' | 'previous'> & Pick<Part, 'conversation'>;

const NO_MARKS: Marks = { delivered: 0, read: 0 };

export const emptyState = (online: boolean, closed?: Closed | null): State => ({
  online,
  closed,
  conversation: null,
  past: [],
  rows: [],
  last: 0,
  earlier: false,
  previous: null,
  marks: NO_MARKS,
  queue: null,
  typing: null,
});

/** What is held, conversation by conversation. */
export const partsOf = ({ past, conversation, rows }: State): Part[] =>
  conversation ? [...past, { conversation, rows }] : past;

export const rowsOf = (conversation: string, entries: Entry[]): Row[] =>
  entries.map((entry) => ({ ...entry, key: `${conversation}:${entry.seq}` })).sort((a, b) => a.seq - b.seq);

const further = (held: Marks, said: Partial<Marks>): Marks => {
  const read = Math.max(held.read, said.read ?? 0);
  return { read, delivered: Math.max(held.delivered, said.delivered ?? 0, read) };
};

/** Another conversation takes the place of the one held; its rows stay to be read. */
function turnTo(state: State, conversation: Conversation): State {
  // A place in the queue is none any more once it has been left.
  const queue = conversation.state === 'queue' ? state.queue : null;
  if (state.conversation?.id === conversation.id) return { ...state, conversation, queue };
  return {
    ...state,
    conversation,
    past: partsOf(state),
    rows: [],
    last: 0,
    marks: NO_MARKS,
    queue: null,
    typing: null,
  };
}

function welcome(state: State, frame: Welcome): State {
  const { conversation, online, closed, resumed } = frame;
  if (!conversation) return emptyState(online, closed);
  const next = turnTo(state, conversation);
  const news = rowsOf(conversation.id, frame.entries);
  const rows = resumed ? [...next.rows, ...news.filter((row) => row.seq > next.last)] : news;
  const isNew = !resumed || !next.rows.length;
  // Where something lies between, what was before is fetched again in its turn.
  const past = isNew && frame.previous !== next.past.at(-1)?.conversation.id ? [] : next.past;
  const { earlier, previous = null } = isNew && !past.length ? frame : next;
  return {
    ...next,
    online,
    closed,
    past,
    rows,
    last: rows.at(-1)?.seq ?? next.last,
    earlier,
    previous,
    marks: further(next.marks, frame.marks ?? NO_MARKS),
    queue: frame.queue ?? null,
  };
}

/** What was said under an acknowledged id. */
export interface Sent {
  text: string;
  shown?: FileShown | null;
}

/** What an acknowledgement stands for: the server does not send the entry to the socket that sent the message. */
const ownEntry = ({ id, seq, at }: Ack, { text, shown = null }: Sent): Entry => ({
  seq,
  kind: 'message',
  from: 'visitor',
  name: null,
  id,
  text,
  file: shown,
  event: null,
  at,
});

/** `sent`: the message to which an acknowledgement belongs; without it only the acknowledgement's number counts. */
export function apply(state: State, frame: ServerFrame, sent?: Sent): Applied {
  const to = (next: State): Applied => ({ state: next, gap: false });
  const here = state.conversation?.id;
  switch (frame.t) {
    case 'welcome':
      return to(welcome(state, frame));
    case 'conversation':
      return to(turnTo(state, frame.conversation));
    case 'entry': {
      const { entry } = frame;
      if (frame.conversation !== here) return { state, gap: true };
      if (entry.seq <= state.last) return to(state);
      if (entry.seq > state.last + 1) return { state, gap: true };
      const typing = entry.from === 'visitor' ? state.typing : null;
      return to({ ...state, typing, rows: [...state.rows, ...rowsOf(here, [entry])], last: entry.seq });
    }
    case 'ack': {
      const { conversation } = frame;
      if (sent !== undefined) return apply(state, { t: 'entry', conversation, entry: ownEntry(frame, sent) });
      return { state, gap: conversation !== here || frame.seq > state.last };
    }
    case 'marks':
      return to(frame.conversation === here ? { ...state, marks: further(state.marks, frame) } : state);
    case 'typing':
      return to({ ...state, typing: frame.on ? (frame.name ?? '') : null });
    case 'queue':
      return to(frame.conversation === here ? { ...state, queue: frame.position } : state);
    case 'attended': {
      const { conversation } = state;
      if (frame.conversation !== here || !conversation) return to(state);
      const { online: attended, others, closed } = frame;
      return to({ ...state, conversation: { ...conversation, attended, others, closed } });
    }
    case 'status':
      return to({ ...state, online: frame.online, closed: frame.closed });
    default:
      return to(state);
  }
}

/** Older rows that were asked for, of the oldest conversation held or of the one before it. What is held already is left out. */
export function prepend(state: State, { conversation, entries, earlier, previous = null }: Older): State {
  const [oldest, ...others] = partsOf(state);
  const older = rowsOf(conversation.id, entries);
  if (conversation.id === state.previous)
    return { ...state, past: [{ conversation, rows: older }, ...state.past], earlier, previous };
  if (conversation.id !== oldest?.conversation.id) return state;
  const first = oldest.rows[0]?.seq ?? Infinity;
  const rows = [...older.filter((row) => row.seq < first), ...oldest.rows];
  if (!others.length) return { ...state, rows, earlier, previous };
  return { ...state, past: [{ ...oldest, rows }, ...state.past.slice(1)], earlier, previous };
}
