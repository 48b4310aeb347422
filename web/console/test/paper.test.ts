// A conversation on paper: for outside without what was undone a moment later, the company's own copy with all of it.
import type { Message } from '@balcao/api';
import { expect, test, vi } from 'vitest';

vi.mock('../src/features/conversations/lines', () => ({ eventText: ({ code }: { code: string }) => code }));
const { paper } = await import('../src/features/conversations/paper');

const START = Date.parse('2026-11-20T12:00:00Z');
let position = 0;
const line = (change: object, seconds = 0) =>
  ({
    ...{ position: (position += 1), from: 'agent', name: 'Ana', text: '', file: null, event: null, kind: 'text' },
    ...{ at: new Date(START + seconds * 1000).toISOString() },
    ...change,
  }) as Message;
const event = (code: string, seconds = 0, name = 'Ana') =>
  line({ kind: 'system', from: 'system', event: { code, name } }, seconds);

const lines = (messages: Message[], withNotes = false) =>
  paper(messages, 'Marina', withNotes).flatMap((one) => (one.type === 'day' ? [] : one.text));

test('a move that was taken back is left out, with what it led to', () => {
  const all = [event('taken'), line({ text: 'Oi' }), event('transferred'), event('assigned'), event('taken_back')];
  expect(lines(all)).toEqual(['taken', 'Oi']);
  expect(lines(all, true)).toEqual(['taken', 'Oi', 'transferred', 'assigned', 'taken_back']);
});

test('a closing is left out where the same person undid it within a minute', () => {
  expect(lines([line({ text: 'Oi' }), event('closed'), event('reopened', 59)])).toEqual(['Oi']);
  expect(lines([event('closed'), event('reopened', 60)])).toEqual(['closed', 'reopened']);
  expect(lines([event('closed'), event('reopened', 9, 'Bruno')])).toEqual(['closed', 'reopened']);
});

test('what was said in between keeps both; a note in between does not', () => {
  expect(lines([event('transferred'), line({ text: 'Oi' }), event('taken_back')])).toEqual([
    'transferred',
    'Oi',
    'taken_back',
  ]);
  expect(lines([event('transferred'), line({ kind: 'note', text: 'Cuidado' }), event('taken_back')])).toEqual([]);
});
