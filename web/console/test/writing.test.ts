// A note never becomes a reply under somebody's fingers, nor a reply a note.
import { expect, it } from 'vitest';
import { Writing } from '../src/features/conversations/writing.svelte';

const OPEN = true;
const CLOSED = false;
const BEGUN = true;

it('a note that was begun stays a note when the conversation is reopened, and replying is offered', () => {
  const writing = new Writing(CLOSED, false);
  expect(writing.mode).toBe('note');
  writing.follow(OPEN, BEGUN, false);
  expect(writing.mode).toBe('note');
  expect(writing.maySend).toBe(true);
  expect(writing.offersReply).toBe(true);
  writing.choose('reply');
  expect(writing.mode).toBe('reply');
  expect(writing.offersReply).toBe(false);
});

it('a reply that was begun stays a reply when it is closed, and cannot be sent until it is open again', () => {
  const writing = new Writing(OPEN, false);
  writing.follow(CLOSED, BEGUN, false);
  expect(writing.mode).toBe('reply');
  expect(writing.maySend).toBe(false);
  writing.follow(OPEN, BEGUN, false);
  expect(writing.maySend).toBe(true);
});

it('a note that was chosen because nothing else was possible is offered the reply again', () => {
  const writing = new Writing(OPEN, false);
  writing.follow(CLOSED, BEGUN, false);
  writing.choose('note');
  writing.follow(OPEN, BEGUN, false);
  expect(writing.mode).toBe('note');
  expect(writing.offersReply).toBe(true);
});

it('while nobody has begun, it offers what is possible', () => {
  const writing = new Writing(OPEN, false);
  writing.follow(CLOSED, !BEGUN, false);
  expect(writing.mode).toBe('note');
  writing.follow(OPEN, !BEGUN, false);
  expect(writing.mode).toBe('reply');
});

it('a note that was chosen is left only by choice', () => {
  const writing = new Writing(OPEN, false);
  writing.choose('note');
  writing.follow(CLOSED, !BEGUN, false);
  writing.follow(OPEN, !BEGUN, false);
  expect(writing.mode).toBe('note');
  expect(writing.offersReply).toBe(false);
});

it('in a colleague’s conversation the note stays first when one may reply there at last', () => {
  const writing = new Writing(CLOSED, true);
  writing.follow(OPEN, !BEGUN, true);
  expect([writing.mode, writing.offersReply]).toEqual(['note', false]);
  // Handed over, it is one's own: a reply.
  const handed = new Writing(CLOSED, true);
  handed.follow(OPEN, !BEGUN, false);
  expect(handed.mode).toBe('reply');
});
