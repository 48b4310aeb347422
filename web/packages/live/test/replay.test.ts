// Replays what the server's own tests recorded: what a console held, what it heard, and what it would fetch afterwards.
import { readdirSync, readFileSync } from 'node:fs';
import type {
  Agent,
  ConnectionBadge,
  ConversationRow,
  Department,
  Label,
  OpenedConversation,
  Project,
  Workspace,
} from '@balcao/api';
import { describe, expect, it } from 'vitest';
import { applyEvent, byId, type DeskEvent, emptyState, type LiveState, withOpened, withRows } from '../src';

interface Screen {
  rows: ConversationRow[];
  conversations: Omit<OpenedConversation, 'as_of'>[];
  agents: Agent[];
  departments: Department[];
  projects: Project[];
  connections: ConnectionBadge[];
  labels: Label[];
  workspace: Workspace;
}

interface Recording {
  before: Screen;
  events: DeskEvent[];
  after: Screen;
}

const folder = new URL('../fixtures/', import.meta.url);
const recordings = readdirSync(folder).map((name) => ({
  name,
  ...(JSON.parse(readFileSync(new URL(name, folder), 'utf8')) as Recording),
}));

function fetched(screen: Screen): LiveState {
  const people: LiveState = {
    ...emptyState(),
    agents: byId(screen.agents),
    departments: byId(screen.departments),
    projects: byId(screen.projects),
    connections: byId(screen.connections),
    labels: byId(screen.labels),
    workspace: screen.workspace,
  };
  const opened = screen.conversations.reduce((state, one) => withOpened(state, { ...one, as_of: 0 }), people);
  return withRows(opened, screen.rows);
}

/** Without what no event tells: the open page's details, how many connections bring to a department, and where a label is. */
function kept(state: LiveState): LiveState {
  const rows = [...state.conversations.values()].map((row) => {
    const { page: _, user_agent: __, browser_language: ___, earlier: ____, ...rest } = { ...DETAILS, ...row };
    return rest;
  });
  const departments = [...state.departments.values()].map((department) => ({ ...department, connections: 0 }));
  const labels = [...state.labels.values()].map((label) => ({ ...label, conversations: 0 }));
  return { ...state, conversations: byId(rows), departments: byId(departments), labels: byId(labels) };
}

const DETAILS = {
  page: null,
  pages: [],
  user_agent: null,
  browser_language: null,
  given: null,
  earlier: [],
  rating: null,
  survey_link: null,
};

describe('a recording', () => {
  it.each(recordings)('$name: the events lead to what would be fetched', ({ before, events, after }) => {
    const heard = events.reduce(applyEvent, fetched(before));
    // Whoever is forgotten is in too many places: everything is fetched anew.
    expect(heard.isStale).toBe(events.some(({ kind }) => kind === 'contact_erased'));
    if (!heard.isStale) expect(kept(heard)).toEqual(kept(fetched(after)));
  });

  it.each(recordings)('$name: heard twice, nothing changes', ({ before, events }) => {
    const once = events.reduce(applyEvent, fetched(before));
    expect(kept(events.reduce(applyEvent, once))).toEqual(kept(once));
  });

  it('has every kind there is', () => {
    const kinds: Record<DeskEvent['kind'], true> = {
      message_added: true,
      conversation_opened: true,
      conversation_taken: true,
      conversation_returned: true,
      conversation_transferred: true,
      conversation_taken_back: true,
      conversation_gone: true,
      conversation_closed: true,
      conversation_reopened: true,
      conversation_labelled: true,
      conversation_rated: true,
      hours_changed: true,
      contact_changed: true,
      agent_added: true,
      agent_changed: true,
      agent_removed: true,
      project_added: true,
      project_changed: true,
      department_added: true,
      department_changed: true,
      department_removed: true,
      connection_added: true,
      connection_changed: true,
      connection_removed: true,
      label_added: true,
      label_changed: true,
      label_removed: true,
      offline_message_added: true,
      offline_message_changed: true,
      ticket_added: true,
      ticket_changed: true,
      ticket_categories_changed: true,
      contact_erased: true,
      mail_changed: true,
      quick_replies_changed: true,
      workspace_changed: true,
    };
    const heard = new Set(recordings.flatMap(({ events }) => events.map((event) => event.kind)));
    expect([...heard].sort()).toEqual(Object.keys(kinds).sort());
  });
});
