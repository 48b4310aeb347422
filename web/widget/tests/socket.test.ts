// The line: hello with what is held, backoff, watchdog, close codes, fresh tickets.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Socket, type Line } from '../src/panel/socket';
import { Tickets } from '../src/panel/tickets';
import type { TicketAnswer } from '../src/shared/ticket';

class FakeSocket {
  static readonly OPEN = 1;
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: { t: string; [name: string]: unknown }[] = [];
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor(readonly address: string) {
    FakeSocket.all.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }

  close(): void {
    this.readyState = 3;
  }

  async opens(): Promise<void> {
    this.readyState = 1;
    this.onopen?.();
    await vi.advanceTimersByTimeAsync(0);
  }

  says(frame: object): void {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }

  closes(code: number): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

const last = () => FakeSocket.all.at(-1)!;
const welcome = { t: 'welcome', online: true, resumed: true, conversation: null, entries: [], earlier: false };

let asked: number;
let answer: TicketAnswer;
let held = { conversation: null as string | null, since: 0, language: 'es' };
let lines: Line[];
let socket: Socket;

beforeEach(async () => {
  vi.useFakeTimers();
  vi.spyOn(Math, 'random').mockReturnValue(0.5);
  vi.stubGlobal('WebSocket', FakeSocket);
  FakeSocket.all = [];
  asked = 0;
  lines = [];
  held = { conversation: null, since: 0, language: 'es' };
  answer = { ok: { ticket: 'T', expires_in: 600, known: false } };
  const tickets = new Tickets(async () => {
    asked++;
    return answer;
  });
  socket = new Socket({
    address: 'ws://x',
    tickets,
    held: () => held,
    onFrame: () => {},
    onLine: (line) => lines.push(line),
  });
  socket.start();
  await vi.advanceTimersByTimeAsync(0);
});

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

async function connected(): Promise<FakeSocket> {
  await last().opens();
  last().says(welcome);
  return last();
}

test('says hello with the ticket and what is held; open only after the welcome', async () => {
  held = { conversation: 'c', since: 7, language: 'es' };
  await last().opens();
  expect(last().sent).toEqual([{ t: 'hello', ticket: 'T', conversation: 'c', since: 7, language: 'es' }]);
  expect(socket.send({ t: 'typing', on: true })).toBe(false);
  last().says(welcome);
  expect(lines).toEqual(['connecting', 'open']);
  expect(socket.send({ t: 'typing', on: true })).toBe(true);
});

test('comes back after half a second, then twice as long each time', async () => {
  for (const wait of [500, 1000, 2000]) {
    const count = FakeSocket.all.length;
    last().closes(1006);
    await vi.advanceTimersByTimeAsync(wait - 1);
    expect(FakeSocket.all).toHaveLength(count);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.all).toHaveLength(count + 1);
  }
  expect(socket.failures).toBe(3);
  await connected();
  expect(socket.failures).toBe(0);
});

test('pings after twenty silent seconds and drops a line that does not answer', async () => {
  const first = await connected();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(first.sent.at(-1)).toEqual({ t: 'ping' });
  first.says({ t: 'pong' });
  await vi.advanceTimersByTimeAsync(20_000);
  expect(first.sent.filter((frame) => frame.t === 'ping')).toHaveLength(2);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.line).toBe('lost');
  expect(first.readyState).toBe(3);
});

test('a socket that never welcomes is given up', async () => {
  await last().opens();
  await vi.advanceTimersByTimeAsync(10_000);
  expect(socket.line).toBe('lost');
});

test('an expired ticket is replaced, another close keeps it', async () => {
  (await connected()).closes(1001);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toBe(1);
  (await connected()).closes(4401);
  await vi.advanceTimersByTimeAsync(500);
  expect(asked).toBe(2);
});

test('switched off: asks again every half minute, quietly, and is open when it is allowed again', async () => {
  for (let attempt = 1; attempt <= 2; attempt++) {
    await last().opens();
    last().closes(4403);
    expect(socket.line).toBe('gone');
    await vi.advanceTimersByTimeAsync(29_999);
    expect(FakeSocket.all).toHaveLength(attempt);
    await vi.advanceTimersByTimeAsync(1);
    expect(FakeSocket.all).toHaveLength(attempt + 1);
  }
  expect(lines).toEqual(['connecting', 'gone']);
  await connected();
  expect(lines).toEqual(['connecting', 'gone', 'open']);
});

test('switched off: somebody who looks, or a network that is back, asks at once, and only once', async () => {
  (await connected()).closes(4403);
  socket.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(2);
  socket.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(2);
  await connected();
  expect(socket.line).toBe('open');
});

test('too many frames: waits ten seconds', async () => {
  (await connected()).closes(4429);
  await vi.advanceTimersByTimeAsync(9_999);
  expect(FakeSocket.all).toHaveLength(1);
  await vi.advanceTimersByTimeAsync(1);
  expect(FakeSocket.all).toHaveLength(2);
});

test('a refused ticket says that it is switched off, an unreachable server does not', async () => {
  answer = { status: 0, wait: 0 };
  (await connected()).closes(4401);
  await vi.advanceTimersByTimeAsync(500);
  expect(socket.line).toBe('lost');
  answer = { status: 403, wait: 0 };
  await vi.advanceTimersByTimeAsync(1000);
  expect(socket.line).toBe('gone');
});

test('waking tries at once', async () => {
  (await connected()).closes(1006);
  socket.wake();
  await vi.advanceTimersByTimeAsync(0);
  expect(FakeSocket.all).toHaveLength(2);
});

test('late words of a dropped socket are not heard', async () => {
  const old = await connected();
  await vi.advanceTimersByTimeAsync(30_000);
  await vi.advanceTimersByTimeAsync(500);
  const before = socket.line;
  old.closes(4403);
  expect(socket.line).toBe(before);
});

test('an open line is not trusted once the network is gone, and is back with it', async () => {
  const old = await connected();
  const network = vi.spyOn(navigator, 'onLine', 'get').mockReturnValue(false);
  socket.wake();
  expect(socket.line).toBe('lost');
  expect(old.readyState).toBe(3);
  network.mockReturnValue(true);
  socket.wake();
  await vi.advanceTimersByTimeAsync(0);
  await connected();
  expect(lines).toEqual(['connecting', 'open', 'lost', 'connecting', 'open']);
});
