// The outbox: nothing an agent wrote is lost, doubled or sent out of order.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { ApiError, type Message, type NewMessage } from '@balcao/api';
import { newId, Outbox, type OutboxOptions, type Progress, type Unsent, type UnsentFile } from '../src';
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

function setUp(storage = new MemoryStorage(), more: Partial<OutboxOptions> = {}) {
  const attempts: Attempt[] = [];
  const sent: Message[] = [];
  let items: readonly Unsent[] = [];
  const outbox = new Outbox({
    ...more,
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

// P-120, P-122
describe('a message with a file', () => {
  const file: UnsentFile = {
    kind: 'image',
    name: 'fachada.jpg',
    media_type: 'image/jpeg',
    size: 100,
    width: 4,
    height: 3,
    duration_ms: null,
  };
  type Upload = {
    item: Unsent;
    progress: Progress;
    signal: AbortSignal;
    succeed: () => void;
    fail: (error: ApiError) => void;
  };

  function withFiles(storage = new MemoryStorage()) {
    const uploads: Upload[] = [];
    const done: [string, boolean][] = [];
    const rest = setUp(storage, {
      upload: (item, _, progress, signal) =>
        new Promise((resolve, fail) => {
          signal.addEventListener('abort', () => fail(new Error('aborted')));
          uploads.push({ item, progress, signal, succeed: () => resolve(`file-${uploads.length}`), fail });
        }),
      onFileDone: (item, isSent) => done.push([item.clientId, isSent]),
    });
    return { ...rest, uploads, done };
  }

  it('goes when its file is there, and what was written after it goes after it', async () => {
    const { outbox, attempts, uploads, items, done } = withFiles();
    const first = outbox.add('c1', 'reply', 'Olhe', { file });
    outbox.add('c1', 'reply', 'depois');
    outbox.add('c2', 'reply', 'outra conversa');
    expect(attempts.map((one) => one.body.text)).toEqual(['outra conversa']);
    uploads[0]!.progress(40, true);
    expect(items()[0]).toMatchObject({ state: 'sending', uploaded: 40 });
    uploads[0]!.succeed();
    await settle();
    expect(attempts[1]!.body).toEqual({ client_id: first.clientId, kind: 'reply', text: 'Olhe', file: 'file-1' });
    attempts[1]!.succeed();
    await settle();
    expect(attempts[2]!.body.text).toBe('depois');
    expect(done).toEqual([[first.clientId, true]]);
  });

  it('is tried again after the network failed, at once when it had gone on meanwhile', async () => {
    const { outbox, uploads, items } = withFiles();
    outbox.add('c1', 'reply', '', { file });
    for (const wait of [1_000, 2_000]) {
      uploads.at(-1)!.fail(new ApiError(0, null));
      await settle();
      expect(items()[0]!.state).toBe('waiting');
      await vi.advanceTimersByTimeAsync(wait);
    }
    expect(uploads.length).toBe(3);
    uploads.at(-1)!.progress(50, true);
    uploads.at(-1)!.fail(new ApiError(0, null));
    await vi.advanceTimersByTimeAsync(1_000);
    expect(uploads.length).toBe(4);
  });

  it('is begun ever more seldom while it begins and no piece is kept', async () => {
    const { outbox, uploads } = withFiles();
    outbox.add('c1', 'reply', '', { file });
    for (const wait of [1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const begun = uploads.length;
      uploads.at(-1)!.progress(50, false);
      uploads.at(-1)!.fail(new ApiError(0, null));
      await vi.advanceTimersByTimeAsync(wait - 1);
      expect(uploads.length).toBe(begun);
      await vi.advanceTimersByTimeAsync(1);
      expect(uploads.length).toBe(begun + 1);
    }
  });

  it('survives a reload, without a text too', async () => {
    const first = withFiles();
    first.outbox.add('c1', 'note', '', { file });
    first.outbox.stop();
    await settle();
    const second = withFiles(first.storage);
    expect(second.uploads[0]!.item).toMatchObject({ kind: 'note', text: '', file });
    expect(second.uploads[0]!.item.clientId).toBe(first.uploads[0]!.item.clientId);
  });

  it('a refused file says why, and the messages after it go', async () => {
    const { outbox, attempts, uploads, items } = withFiles();
    outbox.add('c1', 'reply', '', { file });
    outbox.add('c1', 'reply', 'depois');
    const fields = [{ field: 'size', code: 'file_too_large' as never, message: 'Cabem até 10 MB.' }];
    uploads[0]!.fail(new ApiError(422, { code: 'validation_failed', message: 'Confira.', fields }));
    await settle();
    expect(items()[0]).toMatchObject({ state: 'failed', reason: 'Cabem até 10 MB.' });
    expect(attempts[0]!.body.text).toBe('depois');
  });

  it('one that is discarded on its way stops, and the next one goes', async () => {
    const { outbox, attempts, uploads, items, done } = withFiles();
    const item = outbox.add('c1', 'reply', '', { file });
    outbox.add('c1', 'reply', 'depois');
    outbox.discard(item.clientId);
    await settle();
    expect(uploads[0]!.signal.aborted).toBe(true);
    expect(done).toEqual([[item.clientId, false]]);
    expect(attempts[0]!.body.text).toBe('depois');
    expect(items().map(({ text, state }) => [text, state])).toEqual([['depois', 'sending']]);
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
