// The uploader: pieces that fit the connection, going on where it stopped, refusals that are final.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { upload, type FileUpload, type Source, type Transport } from '../src';
import { FIRST_PIECE, LARGEST_PIECE, nextPiece, PATIENCE } from '../src/upload';

const SHOWN = { id: 'f1' } as FileUpload['file'];

/** A server that keeps what it gets; `cut` says how many bytes come through before the connection is lost. */
class Server implements Transport {
  received = 0;
  size = 0;
  pieces: [number, number][] = [];
  begun = 0;
  cut = Infinity;
  /** Milliseconds a piece takes. */
  took = (bytes: number): number => bytes / 100;
  clock = 0;

  begin = async ({ size }: { size: number }): Promise<FileUpload> => {
    this.begun += 1;
    this.size = size;
    return this.answer();
  };
  append = async (_: string, offset: number, piece: Blob): Promise<FileUpload> => {
    if (offset !== this.received) throw Object.assign(new Error(), { code: 'upload_offset' });
    if (this.received + piece.size > this.cut) throw new Error('lost');
    this.clock += this.took(piece.size);
    this.pieces.push([offset, piece.size]);
    this.received += piece.size;
    return this.answer();
  };
  state = async (): Promise<FileUpload> => this.answer();

  private answer(): FileUpload {
    const isWhole = this.received === this.size;
    return {
      id: 'f1',
      received: this.received,
      size: this.size,
      state: isWhole ? 'stored' : 'receiving',
      file: isWhole ? SHOWN : null,
    };
  }
}

const source = (bytes: number): Source => ({
  client_id: 'c1',
  name: 'a.bin',
  kind: 'file',
  media_type: null,
  duration_ms: null,
  content: new Blob([new Uint8Array(bytes)]),
});

describe('upload', () => {
  it('begins with 64 KiB and takes as much as two seconds carry, at most four times more at once', async () => {
    const server = new Server(); // 100 bytes a millisecond: 200,000 in two seconds.
    await upload(source(1_000_000), server, { now: () => server.clock });
    expect(server.pieces[0]).toEqual([0, FIRST_PIECE]);
    expect(server.pieces[1]).toEqual([FIRST_PIECE, 200_000]);
    expect(server.received).toBe(1_000_000);
  });

  it('never takes more than the server allows, nor next to nothing', () => {
    expect(nextPiece(LARGEST_PIECE, 1)).toBe(LARGEST_PIECE);
    expect(nextPiece(FIRST_PIECE, 600_000)).toBe(16 * 1024);
    expect(nextPiece(FIRST_PIECE, 1)).toBe(4 * FIRST_PIECE);
  });

  it('goes on where it was cut off, without sending anything twice', async () => {
    const server = new Server();
    server.cut = 300_000;
    const told: number[] = [];
    const options = { now: () => server.clock, onProgress: (received: number) => told.push(received) };
    await expect(upload(source(1_000_000), server, options)).rejects.toThrow('lost');
    const before = server.received;
    expect(before).toBeGreaterThan(0);
    server.cut = Infinity;
    const done = await upload(source(1_000_000), server, options);
    expect(done).toMatchObject({ state: 'stored', file: SHOWN });
    expect(server.begun).toBe(2);
    const ends = server.pieces.map(([offset, size]) => offset + size);
    expect(server.pieces.map(([offset]) => offset)).toEqual([0, ...ends.slice(0, -1)]);
    expect(told.at(-1)).toBe(1_000_000);
    expect(told).toEqual([...told].sort((a, b) => a - b));
  });

  it('tells what was there before apart from what this attempt has brought', async () => {
    const server = new Server();
    server.received = 10_000;
    const told: [number, boolean][] = [];
    const onProgress = (received: number, hasGained: boolean): void => void told.push([received, hasGained]);
    server.cut = 10_000;
    await expect(upload(source(100_000), server, { onProgress })).rejects.toThrow('lost');
    expect(told.splice(0)).toEqual([[10_000, false]]);
    server.cut = Infinity;
    await upload(source(100_000), server, { onProgress });
    expect(told).toEqual([
      [10_000, false],
      [10_000 + FIRST_PIECE, true],
      [100_000, true],
    ]);
  });

  it('a file that is there already is not sent again', async () => {
    const server = new Server();
    server.received = 500;
    await upload(source(500), server);
    expect(server.pieces).toEqual([]);
  });

  it('asks what was received when another tab was faster, and gives up when that never ends', async () => {
    const server = new Server();
    const append = server.append;
    let misses = 0;
    server.append = async (id, offset, piece) => {
      if (misses++ === 0) server.received = 70_000; // The other tab's.
      return append(id, offset, piece);
    };
    await upload(source(200_000), server);
    expect(server.received).toBe(200_000);
    expect(server.pieces[0]?.[0]).toBe(70_000);

    const broken = new Server();
    broken.append = () => Promise.reject(Object.assign(new Error(), { code: 'upload_offset' }));
    await expect(upload(source(10), broken)).rejects.toMatchObject({ code: 'upload_offset' });
  });

  it('a refusal is thrown as it came', async () => {
    const server = new Server();
    const refusal = Object.assign(new Error(), { code: 'file_type_mismatch' });
    server.append = () => Promise.reject(refusal);
    await expect(upload(source(10), server)).rejects.toBe(refusal);
  });

  it('stops when it is told to', async () => {
    const server = new Server();
    const stop = new AbortController();
    const running = upload(source(10_000_000), server, {
      signal: stop.signal,
      onProgress: (received) => received > 100_000 && stop.abort(),
    });
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
    expect(server.received).toBeLessThan(10_000_000);
  });
});

describe('a piece without an answer', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  it('is given up after half a minute', async () => {
    const server = new Server();
    server.append = (_id: string, _offset: number, _piece: Blob, signal?: AbortSignal) =>
      new Promise((_, fail) => signal?.addEventListener('abort', () => fail(signal.reason)));
    const running = upload(source(10), server);
    const failed = expect(running).rejects.toMatchObject({ name: 'AbortError' });
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await failed;
  });
});
