// People, departments and rows to test with.
import type { Agent, ConversationRow, Department } from '@balcao/api';
import { byId, emptyState, type LiveState, type TeamEntry } from '@balcao/live';

export function agent(id: string, change: Partial<Agent> = {}): Agent {
  return {
    id,
    name: id,
    email: `${id}@vilaclara.com.br`,
    role: 'agent',
    status: 'online',
    status_on_login: 'offline',
    departments: [{ id: 'sales', is_manager: false }],
    is_active: true,
    is_invited: false,
    simultaneous_limit: null,
    created_at: '2026-11-20T12:00:00Z',
    ...change,
  };
}

export function department(id: string, change: Partial<Department> = {}): Department {
  return {
    id,
    name: id,
    is_active: true,
    is_default: false,
    agents: 1,
    connections: 0,
    distribution: 'inherit',
    ...change,
  };
}

export function conversation(id: string, change: Partial<ConversationRow> = {}): ConversationRow {
  const at = '2026-11-20T12:00:00Z';
  return {
    id,
    protocol: id,
    state: 'open',
    department_id: 'sales',
    assignee_id: 'ana',
    connection_id: 'k1',
    channel: 'webchat',
    contact: { id: 'p1', name: 'Marina Ribeiro', email: null, phone: null, number: 1 },
    last_message: null,
    unread: 0,
    last_position: 1,
    last_seq: 1,
    opened_at: at,
    queued_at: null,
    taken_at: null,
    closed_at: null,
    marks: { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } },
    ...change,
  };
}

export function load(open: number, change: Partial<TeamEntry> = {}): TeamEntry {
  return { open, waiting: 0, limit: 5, assigned_at: null, since: null, ...change };
}

export function world(agents: Agent[], departments: Department[], loads: Record<string, TeamEntry> = {}): LiveState {
  return {
    ...emptyState(),
    agents: byId(agents),
    departments: byId(departments),
    team: new Map(Object.entries(loads)),
  };
}
