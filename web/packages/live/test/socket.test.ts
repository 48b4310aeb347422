// The socket against a server of our own making: gaps, silence, loss and the end of a session.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LiveSocket, type SocketStatus, type StateFrame } from '../src';

class FakeSocket {
  static all: FakeSocket[] = [];
  readyState = 0;
  sent: { t: string; since?: number | null }[] = [];
  onopen: (() => void) | null = null;
  onmessage: ((message: { data: string }) => void) | null = null;
  onclose: ((closed: { code: number }) => void) | null = null;

  constructor() {
    FakeSocket.all.push(this);
  }
  accept() {
    this.readyState = 1;
    this.onopen?.();
  }
  say(frame: object) {
    this.onmessage?.({ data: JSON.stringify(frame) });
  }
  send(text: string) {
    this.sent.push(JSON.parse(text));
  }
  close() {
    this.readyState = 3;
  }
  fail(code: number) {
    this.readyState = 3;
    this.onclose?.({ code });
  }
}

function setUp() {
  const frames: StateFrame[] = [];
  const statuses: SocketStatus[] = [];
  const snapshots: string[] = [];
  const stopped: number[] = [];
  const live = new LiveSocket({
    url: 'ws://desk/api/socket',
    random: () => 0.5,
    open: () => new FakeSocket() as unknown as WebSocket,
    listener: {
      onFrame: (frame) => frames.push(frame),
      onTyping: () => undefined,
      onViewing: () => undefined,
      onSnapshot: (why) => snapshots.push(why),
      onStatus: (status) => statuses.push(status),
      onStopped: (code) => stopped.push(code),
    },
  });
  live.start();
  const socket = FakeSocket.all.at(-1)!;
  socket.accept();
  return { live, socket, frames, statuses, snapshots, stopped };
}

const event = (n: number, prev: number) => ({ t: 'event', n, prev, event: { kind: 'workspace_changed' } });
const numbers = (frames: StateFrame[]) => frames.map((frame) => (frame.t === 'event' ? frame.n : null));
const latest = () => FakeSocket.all.at(-1)!;

beforeEach(() => {
  vi.useFakeTimers();
  FakeSocket.all = [];
});
afterEach(() => vi.useRealTimers());

describe('LiveSocket', () => {
  it('says hello first and asks for a snapshot when it holds nothing', () => {
    const { socket, snapshots, statuses } = setUp();
    expect(socket.sent[0]).toEqual({ t: 'hello', since: null, watching: [] });
    socket.say({ t: 'snapshot', n: 131, why: 'first' });
    expect(snapshots).toEqual(['first']);
    expect(statuses).toEqual(['connecting', 'live']);
  });

  it('passes events on in order and ignores what it has', () => {
    const { socket, frames } = setUp();
    socket.say({ t: 'snapshot', n: 10, why: 'first' });
    for (const [n, prev] of [
      [11, 10],
      [11, 10],
      [9, 8],
      [14, 11],
    ] as const)
      socket.say(event(n, prev));
    expect(numbers(frames)).toEqual([11, 14]);
  });

  it('a gap makes it say hello with what it holds, and nothing is applied until the answer', () => {
    const { socket, frames } = setUp();
    socket.say({ t: 'snapshot', n: 10, why: 'first' });
    socket.say(event(14, 12));
    socket.say(event(15, 14));
    expect(socket.sent.at(-1)).toMatchObject({ t: 'hello', since: 10 });
    socket.say({ t: 'welcome', n: 15, resumed: true });
    for (const [n, prev] of [
      [12, 10],
      [14, 12],
      [15, 14],
      [16, 15],
    ] as const)
      socket.say(event(n, prev));
    expect(numbers(frames)).toEqual([12, 14, 15, 16]);
  });

  it('numbers of others that the welcome covers are no gap', () => {
    const { socket, frames } = setUp();
    socket.say({ t: 'snapshot', n: 10, why: 'first' });
    socket.fail(1001);
    vi.advanceTimersByTime(500);
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ t: 'hello', since: 10 });
    latest().say({ t: 'welcome', n: 20, resumed: true });
    latest().say(event(21, 20));
    expect(numbers(frames)).toEqual([21]);
  });

  it('waits longer after each failure, up to thirty seconds', () => {
    setUp();
    for (const delay of [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]) {
      const before = FakeSocket.all.length;
      latest().fail(1006);
      vi.advanceTimersByTime(delay - 1);
      expect(FakeSocket.all.length).toBe(before);
      vi.advanceTimersByTime(1);
      expect(FakeSocket.all.length).toBe(before + 1);
    }
  });

  it('pings when it hears nothing and drops a socket that stays silent', () => {
    const { socket, statuses } = setUp();
    socket.say({ t: 'snapshot', n: 1, why: 'first' });
    vi.advanceTimersByTime(20_000);
    expect(socket.sent.at(-1)).toEqual({ t: 'ping' });
    socket.say({ t: 'pong' });
    vi.advanceTimersByTime(20_000 + 10_000);
    expect(statuses.at(-1)).toBe('waiting');
  });

  it('does not trust an open socket once the network is gone, and goes on from what it holds when it is back', () => {
    const browser = new EventTarget();
    vi.stubGlobal('addEventListener', browser.addEventListener.bind(browser));
    const { socket, statuses, frames } = setUp();
    vi.unstubAllGlobals();
    socket.say({ t: 'snapshot', n: 10, why: 'first' });
    browser.dispatchEvent(new Event('offline'));
    expect(statuses.at(-1)).toBe('waiting');
    expect(socket.readyState).toBe(3);
    socket.say(event(11, 10));
    expect(frames).toEqual([]);
    browser.dispatchEvent(new Event('online'));
    latest().accept();
    expect(latest().sent[0]).toMatchObject({ t: 'hello', since: 10 });
    expect(FakeSocket.all.length).toBe(2);
  });

  it('an ended session stops it for good', () => {
    const { socket, stopped, statuses } = setUp();
    socket.fail(4401);
    vi.advanceTimersByTime(60_000);
    expect(stopped).toEqual([4401]);
    expect(statuses.at(-1)).toBe('stopped');
    expect(FakeSocket.all.length).toBe(1);
  });

  it('frames it does not know and garbage are ignored', () => {
    const { socket, frames } = setUp();
    socket.say({ t: 'snapshot', n: 1, why: 'first' });
    socket.say({ t: 'weather' });
    socket.onmessage?.({ data: '{' });
    expect(frames).toEqual([]);
  });
});
