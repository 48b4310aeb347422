// Socket, outbox and state together: what is sent when, and what happens on a gap, a refusal or a blocked socket.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host } from '../src/panel/host';
import type { Department, PanelConfig } from '../src/shared/config';

interface Frame {
  t: string;
  id?: string;
  [name: string]: unknown;
}

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 1;
  sent: Frame[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor() {
    FakeSocket.all.push(this);
    if (isBlocked) queueMicrotask(() => this.onclose?.({ code: 1006 }));
    else queueMicrotask(() => this.onopen?.());
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {}

  async says(frame: object): Promise<void> {
    this.onmessage?.({ data: JSON.stringify(frame) });
    await settle();
  }
}

const conversation = {
  id: 'c',
  protocol: '1',
  state: 'open',
  agent: null,
  attended: true,
  last_seq: 1,
  may_close: true,
  closed_at: null,
};
const entry = (seq: number, id: string | null = null) => ({
  seq,
  kind: 'message',
  from: id ? 'visitor' : 'agent',
  name: null,
  id,
  text: `m${seq}`,
  event: null,
  at: '2026-11-20T12:00:00Z',
});
const welcome = {
  t: 'welcome',
  online: true,
  resumed: false,
  conversation,
  entries: [entry(1)],
  earlier: false,
  marks: null,
};

const settle = () => vi.advanceTimersByTimeAsync(0);
const socket = () => FakeSocket.all.at(-1)!;
const sent = (t: string) => FakeSocket.all.flatMap((one) => one.sent).filter((frame) => frame.t === t);

let isBlocked: boolean;
let stored: Map<string, string>;
let client: Client;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  isBlocked = false;
  stored = new Map();
  const host = {
    page: { url: 'https://loja/', title: 'Loja' },
    put: async (k: string, v: string | null) => void (v === null ? stored.delete(k) : stored.set(k, v)),
    ticket: async () => ({ ok: { ticket: 'T', expires_in: 600, known: true } }),
  } as unknown as Host;
  client = new Client({ base: 'https://s', online: true, departments: [] as Department[] } as PanelConfig, host);
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

async function connect(): Promise<void> {
  client.connect();
  await settle();
  await socket().says(welcome);
}

test('a message written before the line stands is sent after the welcome', async () => {
  client.send('oi');
  await settle();
  expect(sent('send')).toHaveLength(0);
  await socket().says(welcome);
  expect(sent('send')).toMatchObject([{ text: 'oi', page: { url: 'https://loja/' } }]);
});

test('an unacknowledged message is repeated with the same id on the next socket', async () => {
  await connect();
  client.send('oi');
  await settle();
  socket().onclose?.({ code: 1006 });
  await vi.advanceTimersByTimeAsync(1000);
  await socket().says({ ...welcome, resumed: true, entries: [] });
  const [first, second] = sent('send');
  expect(second).toEqual(first);
  await socket().says({ t: 'ack', id: first!.id, conversation: 'c', seq: 2, at: '2026-11-20T12:00:01Z' });
  expect([...stored.keys()].filter((k) => k.startsWith('m:'))).toEqual([]);
  expect(client.outbox.items).toHaveLength(0);
  expect(client.state.rows.at(-1)).toMatchObject({ seq: 2, id: first!.id, text: 'oi', from: 'visitor' });
});

async function write(text: string): Promise<string> {
  client.send(text);
  await settle();
  return sent('send').at(-1)!.id!;
}

const ack = (id: string, seq: number) => ({ t: 'ack', id, conversation: 'c', seq, at: '2026-11-20T12:00:01Z' });

test('twenty messages back and forth need no second hello', async () => {
  await connect();
  for (let seq = 2; seq <= 21; seq += 2) {
    await socket().says(ack(await write(`v${seq}`), seq));
    await socket().says({ t: 'entry', conversation: 'c', entry: entry(seq + 1) });
  }
  await vi.advanceTimersByTimeAsync(15_000);
  expect(sent('hello')).toHaveLength(1);
  expect(client.state.rows.map((row) => row.seq)).toEqual(Array.from({ length: 21 }, (_, at) => at + 1));
  expect(client.outbox.items).toHaveLength(0);
});

test('the first message of a conversation: its frame, then the acknowledgement', async () => {
  client.connect();
  await settle();
  await socket().says({ ...welcome, conversation: null, entries: [] });
  const id = await write('oi');
  await socket().says({ t: 'conversation', conversation });
  await socket().says(ack(id, 1));
  expect(client.state.rows).toMatchObject([{ id, seq: 1, text: 'oi' }]);
  expect(sent('hello')).toHaveLength(1);
});

test('the acknowledgement of a repeat whose entry came before changes nothing', async () => {
  await connect();
  const id = await write('oi');
  await socket().says({ t: 'entry', conversation: 'c', entry: entry(2, id) });
  expect(client.outbox.items).toHaveLength(0);
  await socket().says(ack(id, 2));
  expect(client.state.last).toBe(2);
  expect(sent('hello')).toHaveLength(1);
});

test('an acknowledgement behind a gap is shown as sent until the missing entries are there', async () => {
  await connect();
  const id = await write('oi');
  await socket().says(ack(id, 3));
  expect(client.outbox.items).toMatchObject([{ id, isStored: true }]);
  expect(sent('hello')[1]).toMatchObject({ conversation: 'c', since: 1 });
  await socket().says({ ...welcome, resumed: true, entries: [entry(2), entry(3, id)] });
  expect(client.outbox.items).toHaveLength(0);
  expect(client.state.last).toBe(3);
});

test('a gap asks once, with what is held', async () => {
  await connect();
  await socket().says({ t: 'entry', conversation: 'c', entry: entry(4) });
  await socket().says({ t: 'entry', conversation: 'c', entry: entry(5) });
  expect(sent('hello').slice(1)).toMatchObject([{ conversation: 'c', since: 1 }]);
  await socket().says({ ...welcome, resumed: true, entries: [2, 3, 4, 5].map((seq) => entry(seq)) });
  expect(client.state.rows.map((row) => row.seq)).toEqual([1, 2, 3, 4, 5]);
});

test('marks follow: delivered at once, read when somebody looks, never twice', async () => {
  await connect();
  client.isLookedAt = true;
  client.mark();
  client.mark();
  expect(sent('marks')).toEqual([
    { t: 'marks', conversation: 'c', delivered: 1, read: 0 },
    { t: 'marks', conversation: 'c', delivered: 1, read: 1 },
  ]);
  expect(stored.get('r')).toBe('c:1');
});

test('unread counts what the other side wrote after the last look, in whichever tab', async () => {
  await connect();
  expect(client.unread).toBe(1);
  client.heard('r', 'c:1');
  expect(client.unread).toBe(0);
  await socket().says({ t: 'entry', conversation: 'c', entry: entry(2) });
  expect(client.unread).toBe(1);
});

test('where sockets are blocked, messages go by post and come by polling', async () => {
  isBlocked = true;
  const calls: string[] = [];
  vi.stubGlobal('fetch', async (address: string, { body }: { body?: string }) => {
    calls.push(address);
    const answer = body
      ? { conversation: 'c', seq: 2, at: '' }
      : { conversation, entries: [entry(1), entry(2, JSON.parse(posted).id)], earlier: false };
    return { ok: true, status: 200, headers: new Headers(), json: async () => answer };
  });
  let posted = '{"id":"x"}';
  client.send('oi');
  await settle();
  posted = [...stored.entries()].find(([k]) => k.startsWith('m:'))![1];
  await vi.advanceTimersByTimeAsync(8000);
  expect(calls).toContain('https://s/api/visitor/messages');
  expect(calls).toContain('https://s/api/visitor/entries');
  expect(stored.get('c')).toBe('c');
  expect(client.state.conversation).toMatchObject({ state: 'open', protocol: '1' });
  expect(client.outbox.items).toHaveLength(0);
  expect(client.state.last).toBe(2);
});

test('where sockets are blocked, who is there is asked for, and unknown while nothing comes through', async () => {
  isBlocked = true;
  let isCut = false;
  const status = { online: false, departments: [] };
  vi.stubGlobal('fetch', async (address: string) => {
    if (isCut) throw new TypeError('no network');
    const answer = address.includes('/status') ? status : { conversation, entries: [entry(1)], earlier: false };
    return { ok: true, status: 200, headers: new Headers(), json: async () => answer };
  });
  client.connect();
  expect(client.isOnline).toBe(true);
  await settle();
  expect(client.isOnline).toBeNull();
  await vi.advanceTimersByTimeAsync(8000);
  expect(client.isOnline).toBe(false);
  status.online = true;
  const said: unknown[] = [];
  client.onChange = () => said.push(client.isOnline);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(client.isOnline).toBe(true);
  expect(said).not.toContain(null);
  isCut = true;
  await vi.advanceTimersByTimeAsync(6000);
  expect(client.isOnline).toBeNull();
});

test('a message that comes to a chat that is switched off waits, by whichever road', async () => {
  isBlocked = true;
  const fetch = vi.fn(async () => ({
    ok: false,
    status: 404,
    headers: new Headers(),
    json: async () => ({ error: {} }),
  }));
  vi.stubGlobal('fetch', fetch);
  client.send('oi');
  await vi.advanceTimersByTimeAsync(8000);
  expect(fetch).toHaveBeenCalledWith('https://s/api/visitor/messages', expect.anything());
  expect(client.outbox.items).toMatchObject([{ text: 'oi' }]);
  expect(client.outbox.items[0]?.refused).toBeUndefined();
});
