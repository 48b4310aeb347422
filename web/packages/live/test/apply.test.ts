// The reducer: what is repeated, late or unknown must never harm the state.
import { describe, expect, it } from 'vitest';
import {
  apply,
  applyEvent,
  emptyState,
  withEarlier,
  withOpened,
  withRows,
  withTeam,
  type DeskEvent,
  type LiveState,
} from '../src';
import type { Message } from '@balcao/api';
import { message, row } from './samples';

const detail = {
  page: null,
  pages: [],
  user_agent: null,
  browser_language: null,
  given: null,
  earlier: [],
  rating: null,
  survey_link: null,
};

function opened(positions: number[], hasEarlier = false) {
  const last = positions.at(-1) ?? 0;
  return {
    conversation: { ...row({ last_position: last, last_seq: last }), ...detail },
    messages: positions.map((position) => message(position)),
    has_earlier: hasEarlier,
    as_of: 1,
  };
}

function added(position: number, unread = 1): DeskEvent {
  return { kind: 'message_added', conversation: 'c1', message: message(position), unread, state: 'open' };
}

const positions = (state: ReturnType<typeof emptyState>) => state.timelines.get('c1')?.messages.map((m) => m.position);

const actor = { kind: 'agent' as const, id: 'bruno', name: 'Bruno' };

describe('apply', () => {
  it('a repeated message changes nothing', () => {
    const once = applyEvent(withOpened(emptyState(), opened([1, 2])), added(3));
    expect(applyEvent(once, added(3))).toEqual(once);
    expect(positions(once)).toEqual([1, 2, 3]);
    expect(once.conversations.get('c1')).toMatchObject({ unread: 1, last_position: 3, last_seq: 3 });
  });

  it('a message that comes out of order finds its place and does not turn the row back', () => {
    const state = [added(4, 2), added(3, 1)].reduce(applyEvent, withOpened(emptyState(), opened([1, 2])));
    expect(positions(state)).toEqual([1, 2, 3, 4]);
    expect(state.conversations.get('c1')?.last_position).toBe(4);
    expect(state.conversations.get('c1')?.unread).toBe(2);
  });

  it('a hole in the timeline asks for it to be fetched again, and fetching mends it', () => {
    const holed = applyEvent(withOpened(emptyState(), opened([1, 2])), added(5));
    expect(holed.timelines.get('c1')?.hasGap).toBe(true);
    const mended = withOpened(holed, opened([1, 2, 3, 4, 5]));
    expect(mended.timelines.get('c1')?.hasGap).toBe(false);
    expect(positions(mended)).toEqual([1, 2, 3, 4, 5]);
  });

  it('a row that is ahead of the timeline marks a gap', () => {
    const state = apply(withOpened(emptyState(), opened([1, 2])), { t: 'rows', rows: [row({ last_position: 7 })] });
    expect(state.timelines.get('c1')?.hasGap).toBe(true);
  });

  it('an older row is ignored', () => {
    const state = withRows(emptyState(), [row({ last_position: 5, state: 'closed' })]);
    expect(withRows(state, [row({ last_position: 4, state: 'open' })])).toBe(state);
  });

  it('an answer is older than what has changed since it was asked for, unless it is further on', () => {
    const asked = withRows(emptyState(), [row({ last_position: 5 })]);
    const closed = withRows(asked, [row({ last_position: 5, state: 'closed' })]);
    const answer = { ...opened([4, 5]), conversation: { ...row({ last_position: 5 }), ...detail } };
    expect(withRows(closed, [row({ last_position: 5 })], asked)).toBe(closed);
    expect(withOpened(closed, answer, asked).conversations.get('c1')?.state).toBe('closed');
    const further = withRows(closed, [row({ last_position: 6, state: 'queue' })], asked);
    expect(further.conversations.get('c1')?.state).toBe('queue');
    expect(withRows(closed, [row({ last_position: 5 })]).conversations.get('c1')?.state).toBe('open');
  });

  it('an answer does not bring back what has gone since it was asked for', () => {
    const asked = withRows(emptyState(), [row(), row({ id: 'c2', state: 'closed' })]);
    const gone = applyEvent(asked, { kind: 'conversation_gone', conversation: 'c1', actor });
    expect(withRows(gone, [row()], asked)).toBe(gone);
    expect(withOpened(gone, opened([1]), asked)).toBe(gone);
    // A closed one was only forgotten.
    const forgotten = { ...asked, conversations: new Map() };
    expect(withRows(forgotten, [row({ id: 'c2', state: 'closed' })], asked).conversations.has('c2')).toBe(true);
  });

  it('marks only move forward, and reading everything clears the counter', () => {
    const start = withRows(emptyState(), [row({ unread: 3, last_seq: 9 })]);
    const read = apply(start, {
      t: 'marks',
      conversation: 'c1',
      visitor: { delivered: 8, read: 7 },
      agent: { delivered: 0, read: 9 },
      unread: 0,
      read_seq: 9,
      assignee: 'a1',
    });
    const late = apply(read, {
      t: 'marks',
      conversation: 'c1',
      visitor: { delivered: 2, read: 1 },
      agent: { delivered: 0, read: 3 },
      unread: 2,
      read_seq: 3,
      assignee: 'a1',
    });
    expect(late.conversations.get('c1')).toMatchObject({
      unread: 0,
      marks: { visitor: { delivered: 8, read: 7 }, agent: { delivered: 0, read: 9 } },
    });
  });

  it('an answer from before the marks that are held does not bring the counter back', () => {
    const start = withRows(emptyState(), [row({ last_seq: 9, read_seq: 9 })]);
    const late = withRows(start, [row({ last_seq: 9, unread: 3, read_seq: 6 })]);
    expect(late.conversations.get('c1')).toMatchObject({ unread: 0, read_seq: 9 });
    const newer = withRows(late, [row({ last_position: 2, last_seq: 10, unread: 4, read_seq: 6 })]);
    expect(newer.conversations.get('c1')?.unread).toBe(1);
  });

  // P-069
  it('what a colleague has read is unread for whoever is given the conversation', () => {
    const start = withRows(emptyState(), [row({ last_seq: 9, read_seq: 9 })]);
    const given = row({ assignee_id: 'a2', last_position: 2, last_seq: 10, unread: 3, read_seq: 6 });
    const moved = withRows(start, [given]).conversations.get('c1');
    expect(moved).toMatchObject({ unread: 3, read_seq: 6 });
    // What the colleague still had on the way says nothing of whoever has it now.
    const marks = { visitor: { delivered: 0, read: 0 }, agent: { delivered: 9, read: 9 } };
    const late = { t: 'marks' as const, conversation: 'c1', ...marks, unread: 0, read_seq: 10, assignee: 'a1' };
    const state = apply(withRows(start, [given]), late);
    expect(state.conversations.get('c1')).toMatchObject({ unread: 3, read_seq: 6, marks });
  });

  // P-009
  it('a visitor waits from the first message that nobody has answered', () => {
    const at = (minute: number) => `2026-11-20T12:0${minute}:00Z`;
    const line = (position: number, change: Partial<Message>) => ({
      ...added(position),
      message: message(position, { at: at(position), ...change }),
    });
    const waiting = (state: LiveState) => state.conversations.get('c1')?.waiting_since;
    let state = withRows(emptyState(), [row()]);
    state = [line(2, {}), line(3, {}), line(4, { kind: 'note', from: 'agent', seq: null })].reduce(applyEvent, state);
    expect(waiting(state)).toBe(at(2));
    state = applyEvent(state, line(5, { from: 'agent' }));
    expect(waiting(state)).toBeNull();
    expect(waiting(applyEvent(state, line(6, {})))).toBe(at(6));
  });

  //
  it('a message or note that was overtaken by the mark of its reading does not bring the counter back', () => {
    const read = (seq: number) => ({ visitor: { delivered: 0, read: 0 }, agent: { delivered: seq, read: seq } });
    const start = withRows(emptyState(), [row({ last_seq: 2, last_position: 2, unread: 1 })]);
    const marked = apply(start, { t: 'marks', conversation: 'c1', ...read(2), unread: 0, read_seq: 2, assignee: 'a1' });
    const note = message(3, { seq: null, kind: 'note', from: 'agent' });
    const event: DeskEvent = { kind: 'message_added', conversation: 'c1', message: note, unread: 1, state: 'open' };
    expect(applyEvent(marked, event).conversations.get('c1')).toMatchObject({ unread: 0, last_position: 3 });
    const ahead = apply(start, { t: 'marks', conversation: 'c1', ...read(3), unread: 0, read_seq: 3, assignee: 'a1' });
    expect(applyEvent(ahead, added(3)).conversations.get('c1')).toMatchObject({ unread: 0, last_seq: 3 });
    expect(applyEvent(marked, added(3)).conversations.get('c1')?.unread).toBe(1);
  });

  it('what the program tells by itself is not what was said last', () => {
    const start = applyEvent(withRows(emptyState(), [row()]), added(3));
    const said = start.conversations.get('c1')?.last_message;
    expect(said).toMatchObject({ from: 'visitor' });
    for (const kind of ['note', 'system'] as const) {
      const told = message(4, { seq: null, kind, from: 'system', text: 'Sem resposta há 5 min' });
      const event: DeskEvent = { kind: 'message_added', conversation: 'c1', message: told, unread: 1, state: 'open' };
      expect(applyEvent(start, event).conversations.get('c1')).toMatchObject({ last_position: 4, last_message: said });
    }
  });

  it('an unknown event keeps the state and asks for a snapshot', () => {
    const start = withRows(emptyState(), [row()]);
    const state = applyEvent(start, { kind: 'satellite_seen' } as unknown as DeskEvent);
    expect(state).toEqual({ ...start, isStale: true });
  });

  it('earlier messages go before what is held', () => {
    const start = withOpened(emptyState(), opened([51, 52], true));
    const state = withEarlier(start, 'c1', [message(49), message(50), message(51)], false);
    expect(positions(state)).toEqual([49, 50, 51, 52]);
    expect(state.timelines.get('c1')?.hasEarlier).toBe(false);
  });

  it('a fetched tail that does not touch what is held replaces it', () => {
    const start = withOpened(emptyState(), opened([1, 2]));
    const state = withOpened(start, opened([100, 101], true));
    expect(positions(state)).toEqual([100, 101]);
    expect(state.timelines.get('c1')?.hasEarlier).toBe(true);
  });

  it('state changes and contacts reach the rows', () => {
    const start = withRows(emptyState(), [row()]);
    const actor = { kind: 'agent' as const, id: 'a1', name: 'Ana' };
    const closed = applyEvent(start, {
      kind: 'conversation_closed',
      conversation: row({ state: 'closed', last_position: 2 }),
      actor,
    });
    const renamed = applyEvent(closed, {
      kind: 'contact_changed',
      contact: { id: 'p1', name: 'Marina Ribeiro', email: null, phone: null, number: 1 },
    });
    expect(renamed.conversations.get('c1')).toMatchObject({
      state: 'closed',
      contact: { name: 'Marina Ribeiro', number: 1 },
    });
  });
});

describe('the team', () => {
  const member = {
    agent_id: 'a1',
    status: 'online' as const,
    since: '2026-11-20T12:00:00Z',
    connected_until: null,
    open: 2,
    waiting: 0,
    waiting_since: null,
    limit: 5,
    last_assigned_at: null,
    may_extend: false,
    shift: { is_open: true, until: null, day: null, extended_until: null, held_status: null },
    may_hand_over: true,
  };
  const state = withTeam(emptyState(), [member]);

  it('loads come and stay with the status that was held', () => {
    const since = '2026-11-20T12:01:00Z';
    const load = { id: 'a1', open: 3, waiting: 1, waiting_since: since, limit: 5, assigned_at: since };
    const next = apply(state, { t: 'team', agents: [load, { ...load, id: 'a2' }] });
    expect(next.team.get('a1')).toMatchObject({ open: 3, waiting: 1, since: member.since });
    expect(next.team.get('a2')).toMatchObject({ open: 3, since: null });
    expect(apply(next, { t: 'team', agents: [load] }).team.get('a1')).toEqual(next.team.get('a1'));
  });

  it('since when somebody has a status comes with the status, and the load stays', () => {
    const since = '2026-11-20T13:00:00Z';
    const next = apply(state, { t: 'presence', agents: [{ id: 'a1', status: 'away', since }] });
    expect(next.team.get('a1')).toMatchObject({ since, open: 2 });
  });
});

it('a conversation that went where one may not see it leaves nothing behind', () => {
  const held = withOpened(emptyState(), {
    conversation: {
      ...row(),
      page: null,
      pages: [],
      user_agent: null,
      browser_language: null,
      given: null,
      earlier: [],
      rating: null,
      survey_link: null,
    },
    messages: [message(1)],
    has_earlier: false,
    as_of: 1,
  });
  const gone = applyEvent(held, { kind: 'conversation_gone', conversation: 'c1', actor });
  expect([gone.conversations.size, gone.timelines.size]).toEqual([0, 0]);
  expect(applyEvent(gone, { kind: 'conversation_gone', conversation: 'c1', actor })).toBe(gone);
});
