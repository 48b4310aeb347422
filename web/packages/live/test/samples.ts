// Rows and messages to test with.
import type { ConversationRow, Message } from '@balcao/api';

export function row(change: Partial<ConversationRow> = {}): ConversationRow {
  return {
    id: 'c1',
    protocol: '20261120-0001',
    state: 'open',
    department_id: 'd1',
    assignee_id: 'a1',
    connection_id: 'k1',
    channel: 'webchat',
    contact: { id: 'p1', name: 'Marina', email: null, phone: null, number: 1 },
    last_message: null,
    unread: 0,
    waiting_since: null,
    read_seq: 0,
    labels: [],
    grade: null,
    last_position: 1,
    last_seq: 1,
    opened_at: '2026-11-20T12:00:00Z',
    queued_at: null,
    taken_at: null,
    closed_at: null,
    is_handed_on: false,
    marks: { visitor: { delivered: 0, read: 0 }, agent: { delivered: 0, read: 0 } },
    ...change,
  };
}

export function message(position: number, change: Partial<Message> = {}): Message {
  return {
    position,
    seq: position,
    kind: 'text',
    from: 'visitor',
    author_id: null,
    name: 'Marina',
    client_id: null,
    text: `message ${position}`,
    event: null,
    file: null,
    at: '2026-11-20T12:00:00Z',
    ...change,
  };
}
