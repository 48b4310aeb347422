// People, departments and rows to test with.
import type { Agent, ConversationRow, Department, Me } from '@balcao/api';
import { byId, emptyState, type LiveState, type TeamEntry } from '@balcao/live';
import { row } from '../../packages/live/test/samples';

/** Who is logged in, as far as the screens under test ask. */
export function me(change: Partial<Me> = {}): Me {
  const own = {
    id: 'ana',
    status: 'online',
    pause: null,
    theme: 'system',
    workspace: { time_zone: 'UTC' },
    departments: [],
    permissions: [],
    shift: { is_open: true, until: null, day: null, extended_until: null, held_status: null },
  };
  return { ...own, ...change } as unknown as Me;
}

export function agent(id: string, change: Partial<Agent> = {}): Agent {
  return {
    id,
    name: id,
    email: `${id}@vilaclara.com.br`,
    role: 'agent',
    status: 'online',
    pause: null,
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
    project_id: 'first',
    name: id,
    is_active: true,
    is_default: false,
    agents: 1,
    connections: 0,
    distribution: 'inherit',
    order: [],
    simultaneous_limit: null,
    overflow_department_id: null,
    overflow_minutes: 0,
    messages: {} as Department['messages'],
    looks: {} as Department['looks'],
    switches: { may_close: true, may_serve_offline: true, may_send_files: true, may_send_voice: true },
    ...change,
  };
}

/** Of Ana, in sales. */
export function conversation(id: string, change: Partial<ConversationRow> = {}): ConversationRow {
  return row({ id, protocol: id, department_id: 'sales', assignee_id: 'ana', ...change });
}

export function load(open: number, change: Partial<TeamEntry> = {}): TeamEntry {
  return { open, waiting: 0, waiting_since: null, limit: 5, assigned_at: null, since: null, ...change };
}

export function world(agents: Agent[], departments: Department[], loads: Record<string, TeamEntry> = {}): LiveState {
  return {
    ...emptyState(),
    agents: byId(agents),
    departments: byId(departments),
    team: new Map(Object.entries(loads)),
  };
}
