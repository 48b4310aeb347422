// The one reducer: folds what the socket says into the state. Pure; a frame that comes twice changes nothing.
import type { ConversationRow, Message } from '@balcao/api';
import type { DeskEvent, StateFrame } from './frames';
import {
  type LiveState,
  mergedMarks,
  unreadAfter,
  withEntry,
  withMessage,
  withoutConversation,
  withoutLabel,
  withRows,
} from './state';

export function apply(state: LiveState, frame: StateFrame): LiveState {
  switch (frame.t) {
    case 'event':
      return applyEvent(state, frame.event);
    case 'rows':
      return withRows(state, frame.rows);
    case 'counters':
      return { ...state, counters: { queue: frame.queue, open: frame.open, mine: frame.mine } };
    case 'marks':
      return withMarks(state, frame);
    case 'page': // Stands beside the opened conversation, not in its row.
    case 'visitors': // Stand on a page of their own.
      return state;
    case 'presence':
      return withPresence(state, frame.agents);
    case 'team':
      return withLoads(state, frame.agents);
    default:
      frame satisfies never;
      return state;
  }
}

export function applyEvent(state: LiveState, event: DeskEvent): LiveState {
  switch (event.kind) {
    case 'message_added':
      return messageAdded(state, event);
    case 'conversation_opened':
    case 'conversation_taken':
    case 'conversation_returned':
    case 'conversation_transferred':
    case 'conversation_taken_back':
    case 'conversation_closed':
    case 'conversation_reopened':
    case 'conversation_labelled':
    case 'conversation_rated':
      return withRows(state, [event.conversation]);
    case 'conversation_gone':
      return withoutConversation(state, event.conversation);
    case 'contact_erased': // Whatever is held of it is old.
      return staleState(state);
    case 'contact_changed':
      return contactChanged(state, event.contact);
    case 'agent_added':
    case 'agent_changed':
      return recounted({ ...state, agents: withEntry(state.agents, event.agent.id, event.agent) });
    case 'department_added':
    case 'department_changed':
      return { ...state, departments: withEntry(state.departments, event.department.id, event.department) };
    case 'agent_removed': {
      const [agents, team] = [new Map(state.agents), new Map(state.team)];
      agents.delete(event.agent);
      team.delete(event.agent);
      return { ...state, agents, team };
    }
    case 'department_removed': {
      const departments = new Map(state.departments);
      departments.delete(event.department);
      return { ...state, departments };
    }
    case 'project_added':
    case 'project_changed': // Its departments still name one that was removed meanwhile.
      return { ...state, projects: withEntry(state.projects, event.project.id, event.project) };
    case 'connection_added':
    case 'connection_changed':
    case 'connection_removed': // Its conversations still show where they came from.
      return { ...state, connections: withEntry(state.connections, event.connection.id, event.connection) };
    case 'label_added':
    case 'label_changed':
      return { ...state, labels: withEntry(state.labels, event.label.id, event.label) };
    case 'label_removed':
      return withoutLabel(state, event.label);
    case 'workspace_changed':
      return { ...state, workspace: event.workspace };
    case 'offline_message_added':
    case 'offline_message_changed':
    case 'ticket_added':
    case 'ticket_changed':
    case 'ticket_categories_changed':
    case 'mail_changed':
    case 'quick_replies_changed':
    case 'hours_changed': // Stand beside the state, where they are shown.
      return state;
    default:
      event satisfies never; // A new event does not compile until it is handled here;
      return staleState(state); // an old tab that meets a newer server takes a snapshot.
  }
}

function staleState(state: LiveState): LiveState {
  return state.isStale ? state : { ...state, isStale: true };
}

/** How many people belong to a department: no event of its own tells when somebody comes or goes. */
function recounted(state: LiveState): LiveState {
  const people = [...state.agents.values()].filter((agent) => agent.is_active);
  const departments = new Map(state.departments);
  for (const department of departments.values()) {
    const agents = people.filter((agent) => agent.departments.some(({ id }) => id === department.id)).length;
    if (agents !== department.agents) departments.set(department.id, { ...department, agents });
  }
  return { ...state, departments };
}

function messageAdded(state: LiveState, event: Extract<DeskEvent, { kind: 'message_added' }>): LiveState {
  const next = withMessage(state, event.conversation, event.message);
  const row = next.conversations.get(event.conversation);
  // An unknown row comes with the next `rows`; an older message is already in the row.
  if (!row || event.message.position <= row.last_position) return next;
  const last_seq = event.message.seq ?? row.last_seq;
  const marks = { ...row.marks, agent: { ...row.marks.agent, delivered: last_seq } };
  const changed: ConversationRow = {
    ...row,
    state: event.state,
    // Marks are whispered and may overtake events: what was counted before them is not counted again.
    unread: unreadAfter(row.read_seq, last_seq, event.unread),
    read_seq: isAnswer(event.message) ? Math.max(row.read_seq, last_seq) : row.read_seq,
    waiting_since: waitingAfter(row.waiting_since, event.message),
    last_position: event.message.position,
    last_seq,
    marks,
    last_message: isSaid(event.message) ? lastLine(event.message) : row.last_message,
  };
  return { ...next, conversations: withEntry(next.conversations, row.id, changed) };
}

/** What the program tells of its own accord is nobody's word: the lists go on showing what was said last. */
const isSaid = ({ kind, from }: Message): boolean => kind !== 'system' && from !== 'system';

/** Who answers has read what was said before. */
const isAnswer = ({ kind, from }: Message): boolean => kind === 'text' && from === 'agent';

/** When the first message came that nobody has answered: notes and system lines are no answers. */
function waitingAfter(since: string | null, { kind, from, at }: Message): string | null {
  if (kind !== 'text') return since;
  return from === 'visitor' ? (since ?? at) : null;
}

const LINE_LENGTH = 160;

function lastLine(message: Message): ConversationRow['last_message'] {
  const { kind, from, name, at } = message;
  const [file, file_name] = [message.file?.kind ?? null, message.file?.name ?? null];
  return { kind, from, name, at, file, file_name, text: [...message.text].slice(0, LINE_LENGTH).join('') };
}

function contactChanged(
  state: LiveState,
  contact: Extract<DeskEvent, { kind: 'contact_changed' }>['contact'],
): LiveState {
  const concerned = [...state.conversations.values()].filter((row) => row.contact.id === contact.id);
  if (concerned.length === 0) return state;
  const conversations = new Map(state.conversations);
  for (const row of concerned) conversations.set(row.id, { ...row, contact: { ...row.contact, ...contact } });
  return { ...state, conversations };
}

function withMarks(state: LiveState, marks: Extract<StateFrame, { t: 'marks' }>): LiveState {
  const { conversation: id } = marks;
  const row = state.conversations.get(id);
  if (!row) return state;
  // What somebody has read who had it before says nothing of whoever has it now.
  const isOwn = marks.assignee === row.assignee_id;
  const read_seq = isOwn ? Math.max(row.read_seq, marks.read_seq) : row.read_seq;
  const unread = unreadAfter(read_seq, row.last_seq, isOwn ? marks.unread : row.unread);
  const changed = { ...row, marks: mergedMarks(row.marks, marks), read_seq, unread };
  return { ...state, conversations: withEntry(state.conversations, id, changed) };
}

type Presence = Extract<StateFrame, { t: 'presence' }>['agents'];

function withPresence(state: LiveState, changes: Presence): LiveState {
  const agents = new Map(state.agents);
  const team = new Map(state.team);
  for (const { id, status, since, pause } of changes) {
    const agent = agents.get(id);
    if (agent) agents.set(id, { ...agent, status, pause: pause ?? null });
    const entry = team.get(id);
    if (entry && since !== undefined) team.set(id, { ...entry, since });
  }
  return { ...state, agents, team };
}

function withLoads(state: LiveState, loads: Extract<StateFrame, { t: 'team' }>['agents']): LiveState {
  const team = new Map(state.team);
  for (const { id, ...load } of loads) team.set(id, { since: team.get(id)?.since ?? null, ...load });
  return { ...state, team };
}
