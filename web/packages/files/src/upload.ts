// Brings one file to the server in pieces. What the server has is never sent again: a repeated beginning says how much that
// is, after a lost connection as after a reload. A failure is thrown as it came: whoever called tries again, or does not.
import type { FileUpload, NewUpload } from './shapes';

export interface Transport {
  /** Repeating it with the same `client_id` answers what there is. */
  begin(upload: NewUpload): Promise<FileUpload>;
  append(id: string, offset: number, piece: Blob, signal: AbortSignal): Promise<FileUpload>;
  state(id: string): Promise<FileUpload>;
}

export interface Source extends Omit<NewUpload, 'size'> {
  content: Blob;
}

export interface UploadOptions {
  signal?: AbortSignal;
  /** What the server has; `hasGained`: some of it came in this attempt. Where it stands at the beginning is no progress. */
  onProgress?: (received: number, hasGained: boolean) => void;
  now?: () => number;
}

export const FIRST_PIECE = 64 * 1024;
export const LARGEST_PIECE = 4 * 1024 * 1024;
const SMALLEST_PIECE = 16 * 1024;
/** How long one piece should take: short enough to lose little, long enough to cost little. */
const AIM = 2_000;
/** A piece that takes longer is given up: the connection is gone, or far too slow for its size. */
export const PATIENCE = 30_000;
/** Answers in a row that the offset was wrong. */
const MOST_MISSES = 3;

/** As big as what this connection carries in two seconds, at most four times the last one. */
export function nextPiece(size: number, took: number): number {
  const wanted = (size * AIM) / Math.max(took, 1);
  return Math.round(Math.min(LARGEST_PIECE, Math.max(SMALLEST_PIECE, Math.min(wanted, size * 4))));
}

export async function upload(source: Source, transport: Transport, options: UploadOptions = {}): Promise<FileUpload> {
  const { content, ...described } = source;
  const { signal, onProgress, now = Date.now } = options;
  let held = await transport.begin({ ...described, size: content.size });
  let size = FIRST_PIECE;
  let misses = 0;
  const begun = held.received;
  while (held.state !== 'stored') {
    signal?.throwIfAborted();
    onProgress?.(held.received, held.received > begun);
    const piece = content.slice(held.received, held.received + size);
    const started = now();
    try {
      held = await withPatience(signal, (one) => transport.append(held.id, held.received, piece, one));
      size = nextPiece(piece.size, now() - started);
      misses = 0;
    } catch (error) {
      // Another tab sends the same file, or an answer was lost on its way.
      if (!isMiss(error) || ++misses > MOST_MISSES) throw error;
      held = await transport.state(held.id);
    }
  }
  onProgress?.(held.size, held.size > begun);
  return held;
}

const isMiss = (error: unknown): boolean => (error as { code?: unknown } | null)?.code === 'upload_offset';

async function withPatience<Answer>(
  signal: AbortSignal | undefined,
  run: (signal: AbortSignal) => Promise<Answer>,
): Promise<Answer> {
  const own = new AbortController();
  const stop = (): void => own.abort(signal?.reason);
  const timer = setTimeout(() => own.abort(), PATIENCE);
  signal?.addEventListener('abort', stop);
  try {
    return await run(own.signal);
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', stop);
  }
}
