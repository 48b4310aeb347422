// The outbox: nothing an agent wrote is lost, doubled or sent out of order.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type Message, type NewMessage } from '@balcao/api';
import { newId, Outbox, type Unsent } from '../src';
import { message } from './samples';

class MemoryStorage implements Storage {
  #values = new Map<string, string>();
  get length() {
    return this.#values.size;
  }
  clear = () => this.#values.clear();
  getItem = (key: string) => this.#values.get(key) ?? null;
  key = (index: number) => [...this.#values.keys()][index] ?? null;
  removeItem = (key: string) => void this.#values.delete(key);
  setItem = (key: string, value: string) => void this.#values.set(key, value);
}

type Attempt = { conversation: string; body: NewMessage; succeed: () => void; fail: (error: ApiError) => void };

function setUp(storage = new MemoryStorage()) {
  const attempts: Attempt[] = [];
  const sent: Message[] = [];
  let items: readonly Unsent[] = [];
  const outbox = new Outbox({
    owner: 'ana',
    storage,
    onChange: (changed) => (items = changed),
    onSent: (_, answer) => sent.push(answer),
    send: (conversation, body) =>
      new Promise((resolve, reject) => {
        const succeed = () => resolve(message(attempts.length, { client_id: body.client_id, text: body.text }));
        attempts.push({ conversation, body, succeed, fail: reject });
      }),
  });
  outbox.start();
  return { outbox, storage, attempts, sent, items: () => items };
}

const settle = () => vi.advanceTimersByTimeAsync(0);
const refused = (status: number, code: 'conflict' | 'unavailable') => new ApiError(status, { code, message: 'no' });

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

describe('Outbox', () => {
  it('keeps a message before the first attempt and forgets it after the answer', async () => {
    const { outbox, storage, attempts, sent, items } = setUp();
    outbox.add('c1', 'reply', 'Oi');
    expect(storage.length).toBe(1);
    expect(items()[0]?.state).toBe('sending');
    attempts[0]!.succeed();
    await settle();
    expect([storage.length, items().length, sent.length]).toEqual([0, 0, 1]);
  });

  it('sends in order within a conversation, and conversations do not wait for one another', async () => {
    const { outbox, attempts } = setUp();
    outbox.add('c1', 'reply', 'one');
    outbox.add('c1', 'reply', 'two');
    outbox.add('c2', 'reply', 'other');
    expect(attempts.map((one) => one.body.text)).toEqual(['one', 'other']);
    attempts[0]!.succeed();
    await settle();
    expect(attempts.map((one) => one.body.text)).toEqual(['one', 'other', 'two']);
  });

  it('repeats with the same id after the network failed, and the next one still waits its turn', async () => {
    const { outbox, attempts, items } = setUp();
    outbox.add('c1', 'reply', 'one');
    outbox.add('c1', 'reply', 'two');
    attempts[0]!.fail(new ApiError(0, null));
    await settle();
    expect(items().map((item) => item.state)).toEqual(['waiting', 'waiting']);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(attempts[1]!.body).toEqual(attempts[0]!.body);
    attempts[1]!.succeed();
    await settle();
    expect(attempts[2]!.body.text).toBe('two');
  });

  it('survives a reload', async () => {
    const first = setUp();
    first.outbox.add('c1', 'reply', 'one');
    first.outbox.add('c1', 'note', 'two');
    first.outbox.stop();
    const second = setUp(first.storage);
    expect(second.items().map((item) => item.text)).toEqual(['one', 'two']);
    expect(second.attempts[0]!.body).toEqual(first.attempts[0]!.body);
  });

  it('a refusal is shown and only tried again when asked', async () => {
    const { outbox, attempts, items } = setUp();
    const item = outbox.add('c1', 'reply', 'one');
    attempts[0]!.fail(refused(409, 'conflict'));
    await vi.advanceTimersByTimeAsync(60_000);
    expect(items()[0]).toMatchObject({ state: 'failed', reason: 'no' });
    expect(attempts.length).toBe(1);
    outbox.retry(item.clientId);
    expect(attempts[1]!.body.client_id).toBe(item.clientId);
  });

  it('a message after a refused one is still sent', async () => {
    const { outbox, attempts } = setUp();
    outbox.add('c1', 'reply', 'one');
    outbox.add('c1', 'reply', 'two');
    attempts[0]!.fail(refused(503, 'unavailable'));
    await vi.advanceTimersByTimeAsync(1_000);
    attempts[1]!.fail(refused(409, 'conflict'));
    await settle();
    expect(attempts[2]!.body.text).toBe('two');
  });
});

describe('newId', () => {
  it('makes version 7 ids that sort in the order they were made', () => {
    const ids = Array.from({ length: 5_000 }, () => newId(1_000));
    expect([...ids].sort()).toEqual(ids);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids[0]).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  });
});
