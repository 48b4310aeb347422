// How messages become what the timeline draws.
import type { Message } from '@balcao/api';
import type { Unsent } from '@balcao/live';
import { describe, expect, it } from 'vitest';
import { deliveryOf, grouped } from '../src/features/conversations/grouping';

const own = { id: 'ana', name: 'Ana Souza' };
const day = (at: string) => at.slice(0, 10);

function message(position: number, at: string, change: Partial<Message> = {}): Message {
  return {
    position,
    seq: position,
    kind: 'text',
    from: 'visitor',
    author_id: null,
    name: 'Marina',
    client_id: null,
    text: `text ${position}`,
    event: null,
    file: null,
    at: `2026-11-20T${at}:00Z`,
    ...change,
  };
}

function unsent(clientId: string, change: Partial<Unsent> = {}): Unsent {
  return {
    clientId,
    conversation: 'c1',
    kind: 'reply',
    text: 'waiting',
    file: null,
    uploaded: 0,
    at: '2026-11-20T12:10:00Z',
    state: 'waiting',
    reason: null,
    ...change,
  };
}

const byAna = { from: 'agent' as const, author_id: 'ana', name: 'Ana Souza' };

describe('grouped', () => {
  it('joins what one author says within five minutes and begins anew after it', () => {
    const items = grouped([message(1, '12:00'), message(2, '12:04'), message(3, '12:06')], [], own, day);
    expect(items.map((item) => item.type)).toEqual(['day', 'group', 'group']);
    expect(items[1]).toMatchObject({ bubbles: [{ seq: 1 }, { seq: 2 }] });
  });

  it('notes are grouped as messages are, but never with them', () => {
    const note = { ...byAna, kind: 'note' as const, seq: null };
    const items = grouped(
      [
        message(1, '12:00', byAna),
        message(2, '12:01', note),
        message(3, '12:02', note),
        message(4, '12:03', { ...note, author_id: 'bruno', name: 'Bruno' }),
        message(5, '12:04', byAna),
      ],
      [],
      own,
      day,
    );
    expect(items.map((item) => item.type)).toEqual(['day', 'group', 'notes', 'notes', 'group']);
    expect(items[2]).toMatchObject({ bubbles: [{ position: 2 }, { position: 3 }] });
  });

  it('notes and system lines end a group', () => {
    const taken = { code: 'taken' as const, name: 'Ana', target: null };
    const items = grouped(
      [
        message(1, '12:00', byAna),
        message(2, '12:00', { ...byAna, kind: 'note', seq: null }),
        message(3, '12:01', { kind: 'system', from: 'system', event: taken }),
        message(4, '12:01', byAna),
      ],
      [],
      own,
      day,
    );
    expect(items.map((item) => item.type)).toEqual(['day', 'group', 'notes', 'system', 'group']);
  });

  it('a new day gets a line', () => {
    const items = grouped([message(1, '23:59'), { ...message(2, '00:00'), at: '2026-11-21T00:00:00Z' }], [], own, day);
    expect(items.filter((item) => item.type === 'day')).toHaveLength(2);
  });

  it('unsent messages come last, and not at all once they have arrived', () => {
    const arrived = message(1, '12:09', { ...byAna, client_id: 'sent' });
    const items = grouped([arrived], [unsent('sent'), unsent('new'), unsent('note', { kind: 'note' })], own, day);
    expect(items.map((item) => item.type)).toEqual(['day', 'group', 'notes']);
    expect(items[1]).toMatchObject({
      bubbles: [
        { key: 'sent', unsent: null },
        { key: 'new', seq: null },
      ],
    });
  });
});

describe('deliveryOf', () => {
  it.each([
    [null, 'sending'],
    [4, 'read'],
    [6, 'delivered'],
    [7, 'sent'],
  ] as const)('seq %s is %s', (seq, expected) => {
    expect(
      deliveryOf({ key: 'k', text: '', seq, position: null, file: null, unsent: null }, { delivered: 6, read: 5 }),
    ).toBe(expected);
  });
});
