// Brings the panel's files to the server and holds them until then, in the panel's own storage. Where the browser closes that
// to frames of other sites, or nothing may outlive the visit, they end with the page, and it is said.
import { alone, upload, type Keep, type FileShown, type FileUpload } from '@balcao/files';
import type { PanelConfig } from '../../shared/config';
import type { FieldError, Refusal, Upload } from '../protocol';
import { fileTexts } from './file-texts';
import { keepOf as open } from './keep';

export type Ask = (method: string, path: string, body?: string | Blob, offset?: number) => Promise<Response | null>;

const DAY = 86_400_000;
let held: Keep | undefined;
const stops = new Map<string, AbortController>();
type Told = (received: number) => void;
/** What shows how far a file has come, while it is shown. */
const watchers = new Map<string, Told>();

export function keepOf(config: PanelConfig): Keep {
  if (held) return held;
  held = open(config);
  void sweep(held);
  return held;
}

/** What was given up long ago by pages that never came back. Keys begin with their time. */
async function sweep(keep: Keep): Promise<void> {
  for (const key of await keep.keys()) {
    if (parseInt(key.replaceAll('-', '').slice(0, 12), 16) < Date.now() - 30 * DAY) await keep.remove(key);
  }
}

export function watch(key: string, told: Told, gone: AbortSignal): void {
  if (gone.aborted) return;
  watchers.set(key, told);
  gone.addEventListener('abort', () => {
    if (watchers.get(key) === told) watchers.delete(key);
  });
}

class Failed extends Error {
  constructor(
    readonly refusal: Refusal | null,
    readonly code = refusal?.code,
  ) {
    super(code);
  }
}

/** The server's word; one that may be another one later is none. */
async function answered(asked: Promise<Response | null>): Promise<FileUpload> {
  const response = await asked;
  if (!response || /401|404|5../.test(`${response.status}`)) throw new Failed(null);
  const answer = (await response.json()) as FileUpload & { error: Refusal };
  if (response.ok) return answer;
  const { code, message, fields } = answer.error as Refusal & { fields?: FieldError[] };
  const retry_after = Number(response.headers.get('retry-after')) || undefined;
  throw new Failed({ code, message: fields?.[0]?.message ?? message, retry_after });
}

/** The file as the server shows it, why it is refused, or null: not now. `gained`: the server has kept more of it. */
export async function bring(
  file: Upload,
  ask: Ask,
  config: PanelConfig,
  gained: () => void,
): Promise<FileShown | Refusal | null> {
  const content = await keepOf(config).get(file.key);
  if (!content) return { code: 'file_lost', message: fileTexts((text) => text)('file.lost') };
  const stop = new AbortController();
  stops.set(file.key, stop);
  const transport = {
    begin: (wanted: object) => answered(ask('POST', 'files', JSON.stringify(wanted))),
    append: (id: string, offset: number, piece: Blob, signal: AbortSignal) =>
      Promise.race([answered(ask('PATCH', 'files/' + id, piece, offset)), aborted(signal)]),
    state: (id: string) => answered(ask('GET', 'files/' + id)),
  };
  const { key: client_id, name, kind, media_type, duration_ms } = file;
  const run = () =>
    upload({ client_id, name, kind, media_type, duration_ms, content }, transport, {
      signal: stop.signal,
      onProgress: (received, hasGained) => {
        if (hasGained) gained();
        watchers.get(file.key)?.(received);
      },
    });
  try {
    // Tabs of one site do not send the same pieces at once.
    const done = await alone('balcao.upload.' + file.key, stop.signal, run);
    return done.file;
  } catch (error) {
    return error instanceof Failed ? error.refusal : null;
  } finally {
    stops.delete(file.key);
  }
}

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, fail) => signal.addEventListener('abort', () => fail(new Failed(null))));

export const has = async (key: string, config: PanelConfig): Promise<boolean> => !!(await keepOf(config).get(key));

/** It was sent, or shall not be: the server sweeps what belongs to no message. */
export async function forget(key: string, config: PanelConfig): Promise<void> {
  stops.get(key)?.abort();
  await keepOf(config).remove(key);
}

/** A fresh address for a file of the conversation. */
export async function fresh(id: string, ask: Ask): Promise<FileShown | null> {
  const response = await ask('GET', `files/${id}/link`);
  return response?.ok ? ((await response.json()) as FileShown) : null;
}
