// Files on their way from a visitor: begun ever more seldom where nothing gets through, lost only when no tab has them.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host } from '../src/panel/host';
import type { Upload } from '../src/panel/protocol';
import type { PanelConfig } from '../src/shared/config';

const files = vi.hoisted(() => ({ bring: vi.fn(), forget: vi.fn(), has: vi.fn() }));
vi.mock('../src/panel/ui/attach', () => files);

const upload: Upload = {
  key: 'k1',
  name: 'fachada.jpg',
  kind: 'image',
  media_type: 'image/jpeg',
  size: 100,
  width: 4,
  height: 3,
  duration_ms: null,
};

class FakeSocket {
  static readonly OPEN = 1;
  static last: FakeSocket;
  readyState = 1;
  onopen?: () => void;
  onmessage?: (event: { data: string }) => void;
  onclose?: (event: { code: number }) => void;

  constructor() {
    FakeSocket.last = this;
    queueMicrotask(() => this.onopen?.());
  }

  send(_frame: string): void {}
  close(): void {}

  async welcomes(): Promise<void> {
    const frame = { t: 'welcome', online: true, resumed: true, conversation: null, entries: [], marks: null };
    this.onmessage?.({ data: JSON.stringify(frame) });
    await vi.advanceTimersByTimeAsync(0);
  }
}

let client: Client;
const forgotten = vi.fn();

beforeEach(async () => {
  vi.useFakeTimers();
  vi.stubGlobal('WebSocket', FakeSocket);
  files.bring.mockReset();
  const host = {
    put: async () => undefined,
    forget: forgotten,
    ticket: async () => ({ ok: { ticket: 'T', expires_in: 600, known: true } }),
  } as unknown as Host;
  client = new Client({ base: 'https://s', online: true } as PanelConfig, host);
  client.connect();
  await vi.advanceTimersByTimeAsync(0);
  await FakeSocket.last.welcomes();
});

afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

/** How often it was begun within so many seconds. */
async function begunIn(seconds: number): Promise<number> {
  files.bring.mockClear();
  // The heartbeat is answered, so that the line stands.
  for (let second = 0; second < seconds; second += 1) {
    await vi.advanceTimersByTimeAsync(1_000);
    FakeSocket.last.onmessage?.({ data: '{"t":"pong"}' });
  }
  return files.bring.mock.calls.length;
}

// P-120
test('a file of which nothing gets through is begun ever more seldom, and soon again once a piece was kept', async () => {
  files.bring.mockResolvedValue(null);
  client.send('', undefined, [upload]);
  const first = await begunIn(60);
  expect(first).toBeGreaterThan(3);
  expect(await begunIn(60)).toBeLessThan(first);
  expect(await begunIn(300)).toBeLessThanOrEqual(5);
  files.bring.mockImplementation(async (_file, _ask, _config, gained: () => void) => (gained(), null));
  await begunIn(60);
  expect(await begunIn(60)).toBeGreaterThan(8);
});

test('with a new line it is begun at once', async () => {
  files.bring.mockResolvedValue(null);
  client.send('', undefined, [upload]);
  await begunIn(300);
  files.bring.mockClear();
  FakeSocket.last.onclose?.({ code: 1006 });
  await vi.advanceTimersByTimeAsync(1_000);
  await FakeSocket.last.welcomes();
  expect(files.bring).toHaveBeenCalledOnce();
});

test('a file that this tab does not have is lost when no other tab says that it has it', async () => {
  files.bring.mockResolvedValue({ code: 'file_lost', message: 'gone' });
  client.send('', undefined, [upload]);
  await vi.advanceTimersByTimeAsync(0);
  const [item] = client.outbox.items;
  expect(item).toMatchObject({ asked: expect.any(Number) });
  expect(item!.refused).toBeUndefined();
  await vi.advanceTimersByTimeAsync(2_000);
  expect(item!.refused).toMatchObject({ code: 'file_lost' });
});

// D-025
test('who is forgotten sends nothing more, and the frame goes once their files are gone', async () => {
  files.bring.mockResolvedValue(null);
  const sent = vi.spyOn(FakeSocket.prototype, 'send');
  client.send('', undefined, [upload]);
  client.send('O que vem depois');
  await vi.advanceTimersByTimeAsync(0);
  sent.mockClear();
  let isClear: () => void = () => {};
  void client.forget(new Promise<void>((yes) => (isClear = yes)));
  await begunIn(20);
  expect(sent.mock.calls.filter(([frame]) => frame.includes('"send"'))).toEqual([]);
  expect([client.outbox.items, forgotten.mock.calls]).toEqual([[], []]);
  isClear();
  await vi.advanceTimersByTimeAsync(0);
  expect(forgotten).toHaveBeenCalledOnce();
});
