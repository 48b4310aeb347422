// The files of messages that wait to be sent: kept in this browser before the first attempt, brought to the server in
// pieces, thrown away when the message is there.
import { ApiError } from '@balcao/api';
import { alone, Keep, upload, type Transport } from '@balcao/files';
import type { Progress, Unsent, UnsentFile } from '@balcao/live';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { transport } from './upload';

let keep = new Keep('balcao.files');
/** The server's ids of what was begun: a discarded one is taken back. */
const begun = new Map<string, string>();
/** Files of which only this page has the content: still being kept, or not to be kept here. */
const unkept = new Set<string>();

export const waitingFiles = {
  /** Whose they are: another person on this browser does not see them. */
  start(owner: string, unsent: readonly Unsent[]): void {
    keep = new Keep(`balcao.files.${owner}`);
    unkept.clear();
    warn();
    void sweep(unsent);
  },

  /** Held in memory at once, and in the browser's storage a moment later. Until then the browser asks before it leaves the page. */
  put(clientId: string, content: Blob): void {
    unkept.add(clientId);
    warn();
    void keep.put(clientId, content).then((isKept) => {
      if (isKept) letGo(clientId);
    });
  },
  get: (clientId: string): Promise<Blob | null> => keep.get(clientId),

  done({ clientId }: Unsent, isSent: boolean): void {
    void keep.remove(clientId);
    letGo(clientId);
    const id = begun.get(clientId);
    begun.delete(clientId);
    // If it does not get through, the server sweeps what belongs to no message.
    if (id && !isSent) api.deleteUpload(id).catch(() => undefined);
  },

  /** Tabs do not send the same pieces at once: the second one waits and finds it done. */
  async upload(item: Unsent, file: UnsentFile, progress: Progress, signal: AbortSignal) {
    return alone(`balcao.upload.${item.clientId}`, signal, () => send(item, file, progress, signal));
  },
};

const hold = (event: BeforeUnloadEvent): void => event.preventDefault();

function letGo(clientId: string): void {
  unkept.delete(clientId);
  warn();
}

/** Only while there is something to lose: a page that listens all the time is not kept for going back to it. */
function warn(): void {
  if (unkept.size) addEventListener('beforeunload', hold);
  else removeEventListener('beforeunload', hold);
}

async function send(item: Unsent, file: UnsentFile, progress: Progress, signal: AbortSignal) {
  const content = await keep.get(item.clientId);
  // Only this browser had it, and it has it no more: no attempt will ever succeed.
  if (!content) throw lost();
  const { name, kind, media_type, duration_ms } = file;
  const noting: Transport = {
    ...transport,
    async begin(wanted) {
      const answer = await transport.begin(wanted);
      begun.set(item.clientId, answer.id);
      return answer;
    },
  };
  const source = { client_id: item.clientId, name, kind, media_type: media_type || null, duration_ms, content };
  return (await upload(source, noting, { signal, onProgress: progress })).id;
}

function lost(): ApiError {
  return new ApiError(422, { code: 'validation_failed', message: t('console.files.lost') });
}

const HOUR = 3_600_000;

/** A file is kept before its message is. What a crash left between the two belongs to nobody; younger ones may be another tab's. */
async function sweep(unsent: readonly Unsent[]): Promise<void> {
  const wanted = new Set(unsent.map((item) => item.clientId));
  for (const key of await keep.keys()) {
    // Client ids begin with their time.
    const made = parseInt(key.replaceAll('-', '').slice(0, 12), 16);
    if (!wanted.has(key) && made < Date.now() - HOUR) await keep.remove(key);
  }
}
