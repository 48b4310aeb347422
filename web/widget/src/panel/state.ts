// The one reducer: folds the server's frames into what the visitor sees. Pure; frames may come twice.
import type { FileShown } from '@balcao/files';
import type { Ack, Conversation, Entry, Marks, ServerFrame, Welcome } from './protocol';

/** An entry with the key under which it is drawn. */
export type Row = Entry & { key: string };

export interface State {
  online: boolean;
  conversation: Conversation | null;
  /** Rows of conversations that ended while the panel was open. */
  past: Row[];
  rows: Row[];
  /** The highest `seq` held without a gap. */
  last: number;
  /** The server has rows before the first one. */
  earlier: boolean;
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

const NO_MARKS: Marks = { delivered: 0, read: 0 };

export const emptyState = (online: boolean): State => ({
  online,
  conversation: null,
  past: [],
  rows: [],
  last: 0,
  earlier: false,
  marks: NO_MARKS,
  queue: null,
  typing: null,
});

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
  const past = [...state.past, ...state.rows];
  return {
    ...state,
    conversation,
    past,
    rows: [],
    last: 0,
    earlier: false,
    marks: NO_MARKS,
    queue: null,
    typing: null,
  };
}

function welcome(state: State, frame: Welcome): State {
  const { conversation, online, resumed } = frame;
  if (!conversation) return { ...emptyState(online), past: [...state.past, ...state.rows] };
  const next = turnTo(state, conversation);
  const news = rowsOf(conversation.id, frame.entries);
  const rows = resumed ? [...next.rows, ...news.filter((row) => row.seq > next.last)] : news;
  return {
    ...next,
    online,
    rows,
    last: rows.at(-1)?.seq ?? next.last,
    earlier: resumed ? next.earlier || (!next.rows.length && frame.earlier) : frame.earlier,
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
    case 'agent': {
      const { conversation } = state;
      if (frame.conversation !== here || !conversation?.agent) return to(state);
      const agent = { ...conversation.agent, online: frame.online };
      return to({ ...state, conversation: { ...conversation, agent } });
    }
    case 'status':
      return to({ ...state, online: frame.online });
    default:
      return to(state);
  }
}

/** Older rows that were asked for; what is held already is left out. */
export function prepend(state: State, conversation: string, entries: Entry[], earlier: boolean): State {
  if (state.conversation?.id !== conversation) return state;
  const first = state.rows[0]?.seq ?? Infinity;
  const older = rowsOf(conversation, entries).filter((row) => row.seq < first);
  return { ...state, rows: [...older, ...state.rows], earlier };
}
