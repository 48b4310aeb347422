// The reducer: gaps are seen, doubles are ignored, an ended conversation stays readable.
import { expect, test } from 'vitest';
import type { Conversation, Entry, ServerFrame } from '../src/panel/protocol';
import { apply, emptyState, partsOf, prepend, type State } from '../src/panel/state';

const conversation = (id: string, change: Partial<Conversation> = {}): Conversation => ({
  id,
  protocol: '1',
  state: 'open',
  department: 'd',
  agent: null,
  attended: true,
  opened_at: '2026-11-20T12:00:00Z',
  closed_at: null,
  last_seq: 0,
  may_close: true,
  ...change,
});
const entry = (seq: number, change: Partial<Entry> = {}): Entry => ({
  seq,
  kind: 'message',
  from: 'agent',
  name: 'Ana',
  id: null,
  text: `m${seq}`,
  file: null,
  event: null,
  at: '2026-11-20T12:00:00Z',
  ...change,
});
const welcome = (change: Partial<Extract<ServerFrame, { t: 'welcome' }>>): ServerFrame => ({
  t: 'welcome',
  online: true,
  resumed: false,
  conversation: conversation('a'),
  entries: [],
  earlier: false,
  marks: null,
  ...change,
});
const run = (...frames: ServerFrame[]): State =>
  frames.reduce((state, frame) => apply(state, frame).state, emptyState(true));
const texts = (state: State) => state.rows.map((row) => row.text);
const held = (state: State) =>
  partsOf(state).map(({ conversation, rows }) => [conversation.id, ...rows.map((row) => row.text)]);

test('a welcome from nothing holds the last entries, in order', () => {
  const state = run(welcome({ entries: [entry(8), entry(7)], earlier: true, marks: { delivered: 8, read: 7 } }));
  expect(texts(state)).toEqual(['m7', 'm8']);
  expect(state).toMatchObject({ last: 8, earlier: true, marks: { delivered: 8, read: 7 } });
});

test('the next entry is added, the same one again changes nothing', () => {
  const state = run(welcome({ entries: [entry(1)] }), { t: 'entry', conversation: 'a', entry: entry(2) });
  expect(texts(state)).toEqual(['m1', 'm2']);
  const again = apply(state, { t: 'entry', conversation: 'a', entry: entry(2) });
  expect(again).toEqual({ state, gap: false });
});

const ack = (seq: number, conversation = 'a'): ServerFrame => ({
  t: 'ack',
  id: `i${seq}`,
  conversation,
  seq,
  at: '2026-11-20T12:00:01Z',
});

test('an acknowledgement is the entry, and the next entry follows it without a gap', () => {
  const { state, gap } = apply(run(welcome({ entries: [entry(1)] })), ack(2), { text: 'oi' });
  expect(gap).toBe(false);
  expect(state.last).toBe(2);
  expect(state.rows.at(-1)).toEqual({
    key: 'a:2',
    ...entry(2, { from: 'visitor', name: null, id: 'i2', text: 'oi', at: '2026-11-20T12:00:01Z' }),
  });
  expect(apply(state, { t: 'entry', conversation: 'a', entry: entry(3) })).toMatchObject({
    gap: false,
    state: { last: 3 },
  });
});

test('an acknowledgement after its entry, or of an old message, changes nothing', () => {
  const own = entry(2, { from: 'visitor', id: 'i2', text: 'oi' });
  const state = run(welcome({ entries: [entry(1), own, entry(3)] }));
  expect(apply(state, ack(2), { text: 'oi' })).toEqual({ state, gap: false });
  expect(apply(state, ack(2))).toEqual({ state, gap: false });
});

test('an acknowledgement further on, of another conversation or without its text is a gap', () => {
  const state = run(welcome({ entries: [entry(1)] }));
  expect(apply(state, ack(3), { text: 'oi' })).toEqual({ state, gap: true });
  expect(apply(state, ack(2))).toEqual({ state, gap: true });
  expect(apply(state, ack(1, 'b'), { text: 'oi' })).toEqual({ state, gap: true });
});

test('a gap changes nothing and is told; the resumed welcome fills it', () => {
  const state = run(welcome({ entries: [entry(1)] }));
  const { state: same, gap } = apply(state, { t: 'entry', conversation: 'a', entry: entry(4) });
  expect(gap).toBe(true);
  expect(same).toBe(state);
  const filled = apply(state, welcome({ resumed: true, entries: [entry(2), entry(3), entry(4)] })).state;
  expect(texts(filled)).toEqual(['m1', 'm2', 'm3', 'm4']);
});

test('an entry of a conversation that is not known is a gap', () => {
  expect(apply(emptyState(true), { t: 'entry', conversation: 'x', entry: entry(1) }).gap).toBe(true);
});

test('a welcome that does not resume forgets what was held of the same conversation', () => {
  const state = run(welcome({ entries: [entry(1)] }), welcome({ entries: [entry(90), entry(91)], earlier: true }));
  expect(texts(state)).toEqual(['m90', 'm91']);
  expect(state.past).toEqual([]);
});

test('a new conversation starts at one and leaves the old one to be read', () => {
  const state = run(
    welcome({ entries: [entry(1), entry(2)] }),
    { t: 'conversation', conversation: conversation('b') },
    { t: 'entry', conversation: 'b', entry: entry(1, { text: 'novo' }) },
  );
  expect(texts(state)).toEqual(['novo']);
  expect(held(state)).toEqual([
    ['a', 'm1', 'm2'],
    ['b', 'novo'],
  ]);
  expect(state.last).toBe(1);
});

test('another conversation than the one held stands below it only where none lies between', () => {
  const next = (previous: string) =>
    run(
      welcome({ entries: [entry(1)], previous: 'x' }),
      welcome({ conversation: conversation('c'), entries: [entry(1)], previous }),
    );
  expect(held(next('a'))).toEqual([
    ['a', 'm1'],
    ['c', 'm1'],
  ]);
  expect(next('a').previous).toBe('x');
  expect(held(next('b'))).toEqual([['c', 'm1']]);
  expect(next('b').previous).toBe('b');
});

test('who answers comes and goes, in this conversation alone', () => {
  const open = conversation('a', { agent: { name: 'Ana' }, attended: true });
  const state = run(welcome({ conversation: open }));
  const told = (conversation: string) =>
    apply(state, { t: 'attended', conversation, online: false }).state.conversation?.attended;
  expect(told('a')).toBe(false);
  expect(told('b')).toBe(true);
});

test('marks only move forward, and only for this conversation', () => {
  const state = run(
    welcome({ entries: [entry(1)], marks: { delivered: 5, read: 4 } }),
    { t: 'marks', conversation: 'a', delivered: 3, read: 2 },
    { t: 'marks', conversation: 'b', delivered: 9, read: 9 },
  );
  expect(state.marks).toEqual({ delivered: 5, read: 4 });
});

test('typing ends when the message is there, and not with the visitor’s own', () => {
  const typing: ServerFrame = { t: 'typing', on: true, name: 'Ana' };
  const own: ServerFrame = { t: 'entry', conversation: 'a', entry: entry(1, { from: 'visitor', id: 'x' }) };
  expect(run(welcome({}), typing, own).typing).toBe('Ana');
  expect(run(welcome({}), typing, { t: 'entry', conversation: 'a', entry: entry(1) }).typing).toBeNull();
});

test('older entries go before what is held, once', () => {
  const state = run(welcome({ entries: [entry(3)], earlier: true }));
  const page = { conversation: conversation('a'), entries: [entry(1), entry(2), entry(3)], earlier: false };
  const older = prepend(state, page);
  expect(texts(older)).toEqual(['m1', 'm2', 'm3']);
  expect(older.earlier).toBe(false);
  expect(prepend(older, { ...page, conversation: conversation('b') })).toBe(older);
});

test('the conversation before the oldest one goes above it, and is read further in its turn', () => {
  const state = run(
    welcome({ entries: [entry(1)], previous: 'z' }),
    { t: 'conversation', conversation: conversation('b') },
    { t: 'entry', conversation: 'b', entry: entry(1) },
  );
  const page = { conversation: conversation('z'), entries: [entry(8)], earlier: true };
  const more = prepend(state, page);
  expect(held(more)).toEqual([
    ['z', 'm8'],
    ['a', 'm1'],
    ['b', 'm1'],
  ]);
  expect(more).toMatchObject({ earlier: true, previous: null });
  const whole = prepend(more, { ...page, entries: [entry(7)], earlier: false, previous: 'y' });
  expect(held(whole)[0]).toEqual(['z', 'm7', 'm8']);
  expect(whole).toMatchObject({ earlier: false, previous: 'y', last: 1 });
});

test('an unknown frame changes nothing', () => {
  const state = run(welcome({ entries: [entry(1)] }));
  expect(apply(state, { t: 'future' } as unknown as ServerFrame)).toEqual({ state, gap: false });
});

// Derived on the server, never numbered: it comes with the welcome and is whispered when it changes.
test('the place in the queue is told, changes, and is none once the conversation has left it', () => {
  const waiting = conversation('a', { state: 'queue' });
  const state = run(welcome({ conversation: waiting, queue: 3 }), { t: 'queue', conversation: 'a', position: 2 });
  expect(state.queue).toBe(2);
  expect(apply(state, { t: 'queue', conversation: 'other', position: 9 }).state.queue).toBe(2);
  expect(apply(state, { t: 'conversation', conversation: waiting }).state.queue).toBe(2);
  const taken = apply(state, { t: 'conversation', conversation: conversation('a') }).state;
  expect(taken.queue).toBeNull();
  expect(run(welcome({ conversation: waiting })).queue).toBeNull();
});
