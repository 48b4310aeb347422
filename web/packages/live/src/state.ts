// What a console knows about its workspace at one moment. Never changed in place: every change makes a new value.
import type {
  Agent,
  ConnectionBadge,
  ConversationRow,
  Counters,
  Department,
  Label,
  Marks,
  Message,
  OpenedConversation,
  Project,
  TeamLoad,
  TeamMember,
  Watermark,
  Workspace,
} from '@balcao/api';

export interface Timeline {
  /** Ascending by position, without doubles. */
  messages: readonly Message[];
  hasEarlier: boolean;
  /** Something between its messages may be missing; it has to be fetched again. */
  hasGap: boolean;
}

export interface TeamEntry extends TeamLoad {
  since: string | null;
}

export interface LiveState {
  conversations: ReadonlyMap<string, ConversationRow>;
  timelines: ReadonlyMap<string, Timeline>;
  agents: ReadonlyMap<string, Agent>;
  departments: ReadonlyMap<string, Department>;
  /** Those that were removed too. */
  projects: ReadonlyMap<string, Project>;
  connections: ReadonlyMap<string, ConnectionBadge>;
  labels: ReadonlyMap<string, Label>;
  /** What everybody has to do, and since when they have their status. */
  team: ReadonlyMap<string, TeamEntry>;
  workspace: Workspace | null;
  counters: Counters;
  /** An event came that this version does not know: a snapshot is needed. */
  isStale: boolean;
}

export function emptyState(): LiveState {
  return {
    conversations: new Map(),
    timelines: new Map(),
    agents: new Map(),
    departments: new Map(),
    projects: new Map(),
    connections: new Map(),
    labels: new Map(),
    team: new Map(),
    workspace: null,
    counters: { queue: 0, open: 0, mine: 0 },
    isStale: false,
  };
}

export function withEntry<Key, Value>(map: ReadonlyMap<Key, Value>, key: Key, value: Value): ReadonlyMap<Key, Value> {
  return new Map(map).set(key, value);
}

export function byId<Value extends { id: string }>(items: readonly Value[]): ReadonlyMap<string, Value> {
  return new Map(items.map((item) => [item.id, item]));
}

/** A label that is on no conversation any more. */
export function withoutLabel(state: LiveState, id: string): LiveState {
  const labelled = [...state.conversations.values()].filter((row) => row.labels.some((label) => label.id === id));
  if (labelled.length === 0 && !state.labels.has(id)) return state;
  const [labels, conversations] = [new Map(state.labels), new Map(state.conversations)];
  labels.delete(id);
  for (const row of labelled)
    conversations.set(row.id, { ...row, labels: row.labels.filter((label) => label.id !== id) });
  return { ...state, labels, conversations };
}

/** A conversation that one may not see any more. */
export function withoutConversation(state: LiveState, id: string): LiveState {
  if (!state.conversations.has(id) && !state.timelines.has(id)) return state;
  const [conversations, timelines] = [new Map(state.conversations), new Map(state.timelines)];
  conversations.delete(id);
  timelines.delete(id);
  return { ...state, conversations, timelines };
}

/** The whole team, as it was fetched. */
export function withTeam(state: LiveState, members: readonly TeamMember[]): LiveState {
  const team = new Map<string, TeamEntry>();
  for (const { agent_id, open, waiting, waiting_since, limit, last_assigned_at, since } of members)
    team.set(agent_id, { open, waiting, waiting_since, limit, assigned_at: last_assigned_at, since });
  return { ...state, team };
}

/**
 * An answer of the list or of one conversation: rows that are older than what is held are left out. `asked`: the state in which it was
 * asked for; what has changed here since then is newer than the answer, unless the answer is further on.
 */
export function withRows(state: LiveState, rows: readonly ConversationRow[], asked: LiveState = state): LiveState {
  const fresh = rows.filter((row) => {
    const [held, before] = [state.conversations.get(row.id), asked.conversations.get(row.id)];
    if (held) return held === before ? row.last_position >= held.last_position : row.last_position > held.last_position;
    // Only closed ones are forgotten; any other one has gone where one may not see it.
    return !before || before.state === 'closed';
  });
  if (fresh.length === 0) return state;
  const conversations = new Map(state.conversations);
  for (const row of fresh) conversations.set(row.id, mergedRow(conversations.get(row.id), row));
  return { ...state, conversations, timelines: withGaps(state.timelines, fresh) };
}

function mergedRow(held: ConversationRow | undefined, row: ConversationRow): ConversationRow {
  if (!held) return row;
  const isSame = held.assignee_id === row.assignee_id;
  const read_seq = isSame ? Math.max(held.read_seq, row.read_seq) : row.read_seq;
  const unread = unreadAfter(read_seq, row.last_seq, row.unread);
  return { ...held, ...row, marks: mergedMarks(held.marks, row.marks), read_seq, unread };
}

/** A count that was taken before something was read: never more than what stands after what was read. */
export function unreadAfter(read: number, last: number, counted: number): number {
  return Math.min(counted, Math.max(0, last - read));
}

/** Watermarks only move forward, whichever order things arrive in. */
export function mergedMarks(held: Marks, come: Marks): Marks {
  const farther = (one: Watermark, other: Watermark): Watermark => ({
    delivered: Math.max(one.delivered, other.delivered),
    read: Math.max(one.read, other.read),
  });
  return { visitor: farther(held.visitor, come.visitor), agent: farther(held.agent, come.agent) };
}

/** A row that is ahead of a timeline we hold says that something was not sent to us. */
function withGaps(
  timelines: ReadonlyMap<string, Timeline>,
  rows: readonly ConversationRow[],
): ReadonlyMap<string, Timeline> {
  let changed: Map<string, Timeline> | null = null;
  for (const row of rows) {
    const timeline = timelines.get(row.id);
    if (!timeline || timeline.hasGap || lastPosition(timeline) >= row.last_position) continue;
    changed ??= new Map(timelines);
    changed.set(row.id, { ...timeline, hasGap: true });
  }
  return changed ?? timelines;
}

/** `asked`: as for `withRows`. */
export function withOpened(state: LiveState, opened: OpenedConversation, asked: LiveState = state): LiveState {
  const next = withRows(state, [opened.conversation], asked);
  if (!next.conversations.has(opened.conversation.id)) return next;
  const held = next.timelines.get(opened.conversation.id);
  const timeline = joined(held, opened.messages, opened.has_earlier);
  // At the end: the one that was opened last is forgotten last.
  const timelines = new Map(next.timelines);
  timelines.delete(opened.conversation.id);
  return { ...next, timelines: timelines.set(opened.conversation.id, timeline) };
}

/** What was fetched and what was held become one, unless there is a hole between them. */
function joined(held: Timeline | undefined, fetched: readonly Message[], hasEarlier: boolean): Timeline {
  const first = fetched[0]?.position ?? 0;
  const isAdjacent = held !== undefined && lastPosition(held) >= first - 1;
  if (!held || (!isAdjacent && hasEarlier)) return { messages: fetched, hasEarlier, hasGap: false };
  const reachesBack = (held.messages[0]?.position ?? Infinity) < first;
  return {
    messages: mergedMessages(held.messages, fetched),
    hasEarlier: reachesBack ? held.hasEarlier : hasEarlier,
    hasGap: false,
  };
}

export function withEarlier(
  state: LiveState,
  id: string,
  messages: readonly Message[],
  hasEarlier: boolean,
): LiveState {
  const held = state.timelines.get(id);
  if (!held) return state;
  const timeline = { ...held, messages: mergedMessages(messages, held.messages), hasEarlier };
  return { ...state, timelines: withEntry(state.timelines, id, timeline) };
}

/** One message: from an event, or the answer to a send. A repeat changes nothing. */
export function withMessage(state: LiveState, id: string, message: Message): LiveState {
  const held = state.timelines.get(id);
  if (!held || held.messages.some((one) => one.position === message.position)) return state;
  const messages = mergedMessages(held.messages, [message]);
  // The row can be ahead of its messages for a moment: what it announced may be this one.
  const hasGap = isBroken(messages, state.conversations.get(id)?.last_position ?? 0);
  const timeline: Timeline = { ...held, messages, hasGap };
  return { ...state, timelines: withEntry(state.timelines, id, timeline) };
}

/** Positions are counted without a gap; the row knows the last one. */
function isBroken(messages: readonly Message[], last: number): boolean {
  const [from, to] = [messages[0]?.position ?? 1, messages.at(-1)?.position ?? 0];
  return to < last || to - from + 1 !== messages.length;
}

export function lastPosition(timeline: Timeline): number {
  return timeline.messages.at(-1)?.position ?? 0;
}

function mergedMessages(a: readonly Message[], b: readonly Message[]): Message[] {
  const all = new Map<number, Message>();
  for (const message of a) all.set(message.position, message);
  for (const message of b) all.set(message.position, message);
  return [...all.values()].sort((one, other) => one.position - other.position);
}
