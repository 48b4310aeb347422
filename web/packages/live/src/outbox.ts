// Messages an agent has sent and the server has not acknowledged yet. Each is kept in the browser before the first
// attempt and repeated with the same id, in order within its conversation, until there is an answer. A message with a file
// goes when its file has arrived; what was written after it waits for it, other conversations do not.
import { ApiError, isApiError, type Message, type NewMessage } from '@balcao/api';
import type { FileKind, Measures } from '@balcao/files';
import { newId } from './id';

export type UnsentState = 'waiting' | 'sending' | 'failed';

/** A file that goes with a message; its content lies elsewhere, under the message's client id. */
export interface UnsentFile extends Measures {
  kind: FileKind;
  name: string;
  media_type: string;
  size: number;
}

export interface Unsent {
  clientId: string;
  conversation: string;
  kind: NewMessage['kind'];
  text: string;
  file: UnsentFile | null;
  /** How many bytes of the file the server has. */
  uploaded: number;
  at: string;
  state: UnsentState;
  /** Why it was refused, in the reader's language. */
  reason: string | null;
}

/** `hasGained`: a piece was kept in this attempt. */
export type Progress = (uploaded: number, hasGained: boolean) => void;

export interface OutboxOptions {
  /** Whose messages these are: another person on this browser does not send them. */
  owner: string;
  storage: Storage;
  send: (conversation: string, message: NewMessage) => Promise<Message>;
  /** Brings the item's file to the server and answers its id; repeated, it goes on where it was. */
  upload?: (item: Unsent, file: UnsentFile, progress: Progress, signal: AbortSignal) => Promise<string>;
  /** The file of an item that is sent or discarded is not needed any more. */
  onFileDone?: (item: Unsent, isSent: boolean) => void;
  onChange: (items: readonly Unsent[]) => void;
  onSent: (conversation: string, message: Message) => void;
  onRefused?: (item: Unsent, error: ApiError) => void;
}

const FIRST_DELAY = 1_000;
const LONGEST_DELAY = 30_000;

export class Outbox {
  #options: OutboxOptions;
  #prefix: string;
  #items: Unsent[] = [];
  #busy = new Set<string>();
  #uploads = new Map<string, AbortController>();
  #attempts = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #isStopped = false;

  constructor(options: OutboxOptions) {
    this.#options = options;
    this.#prefix = `balcao.outbox.${options.owner}.`;
    this.#items = this.#stored();
  }

  get items(): readonly Unsent[] {
    return this.#items;
  }

  start(): void {
    globalThis.addEventListener?.('online', this.#wake);
    globalThis.addEventListener?.('storage', this.#otherTab);
    this.#changed();
    this.#pump();
  }

  stop(): void {
    this.#isStopped = true;
    for (const upload of this.#uploads.values()) upload.abort();
    clearTimeout(this.#timer);
    globalThis.removeEventListener?.('online', this.#wake);
    globalThis.removeEventListener?.('storage', this.#otherTab);
  }

  /** `clientId`: under which the file's content was kept beforehand. */
  add(
    conversation: string,
    kind: NewMessage['kind'],
    text: string,
    { clientId = newId(), file = null }: { clientId?: string; file?: UnsentFile | null } = {},
  ): Unsent {
    const at = new Date().toISOString();
    const item: Unsent = { clientId, conversation, kind, text, file, uploaded: 0, at, state: 'waiting', reason: null };
    this.#items = [...this.#items, item];
    this.#store(item);
    this.#changed();
    this.#pump();
    return item;
  }

  retry(clientId: string): void {
    this.#update(clientId, { state: 'waiting', reason: null });
    this.wake();
  }

  discard(clientId: string): void {
    this.#uploads.get(clientId)?.abort();
    this.#remove(clientId, false);
    this.#pump();
  }

  /** Tries now instead of at the next turn: the network or the socket is back. */
  wake(): void {
    this.#attempts = 0;
    clearTimeout(this.#timer);
    this.#pump();
  }

  #wake = (): void => this.wake();

  /** Another tab got its answer first, or the person discarded it there. */
  #otherTab = (event: StorageEvent): void => {
    if (!event.key?.startsWith(this.#prefix) || event.newValue !== null) return;
    const clientId = event.key.slice(this.#prefix.length);
    this.#uploads.get(clientId)?.abort();
    this.#remove(clientId, true);
  };

  #pump(): void {
    if (this.#isStopped) return;
    for (const item of this.#items) {
      if (item.state !== 'waiting' || this.#busy.has(item.conversation)) continue;
      this.#busy.add(item.conversation);
      void this.#attempt(item);
    }
  }

  async #attempt(item: Unsent): Promise<void> {
    this.#update(item.clientId, { state: 'sending' });
    try {
      const { clientId: client_id, kind, text } = item;
      const file = item.file && (await this.#upload(item, item.file));
      const message = await this.#options.send(item.conversation, { client_id, kind, text, ...(file ? { file } : {}) });
      this.#attempts = 0;
      this.#options.onSent(item.conversation, message);
      this.#remove(item.clientId, true);
    } catch (error) {
      // What was discarded meanwhile has nothing more to say.
      if (this.#items.some((one) => one.clientId === item.clientId))
        this.#failed(item, isApiError(error) ? error : new ApiError(0, null));
    }
    this.#busy.delete(item.conversation);
    if (this.#attempts === 0) this.#pump(); // Else the timer does.
  }

  async #upload(item: Unsent, file: UnsentFile): Promise<string> {
    if (!this.#options.upload) throw new ApiError(0, null);
    const stop = new AbortController();
    this.#uploads.set(item.clientId, stop);
    try {
      const progress: Progress = (uploaded, hasGained) => {
        if (hasGained) this.#attempts = 0; // It goes on: the next failure is a first one.
        this.#update(item.clientId, { uploaded });
      };
      return await this.#options.upload(item, file, progress, stop.signal);
    } finally {
      this.#uploads.delete(item.clientId);
    }
  }

  #failed(item: Unsent, error: ApiError): void {
    // Without a session nothing is lost: it is sent after the next login.
    if (error.isTemporary || error.status === 401) {
      this.#update(item.clientId, { state: 'waiting' });
      this.#later(error.retryAfter);
      return;
    }
    this.#attempts = 0;
    // What is wrong with the text or the file says more than that something is.
    const reason = error.fields[0]?.message || error.message;
    this.#update(item.clientId, { state: 'failed', reason, uploaded: 0 });
    this.#options.onRefused?.({ ...item, state: 'failed', reason }, error);
  }

  #later(seconds: number | null): void {
    const delay = seconds ? seconds * 1_000 : Math.min(LONGEST_DELAY, FIRST_DELAY * 2 ** this.#attempts);
    this.#attempts += 1;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#pump(), delay);
  }

  #update(clientId: string, change: Partial<Unsent>): void {
    this.#items = this.#items.map((item) => {
      if (item.clientId !== clientId) return item;
      const changed = { ...item, ...change };
      if (changed.state !== 'sending') this.#store(changed);
      return changed;
    });
    this.#changed();
  }

  #remove(clientId: string, isSent: boolean): void {
    const item = this.#items.find((one) => one.clientId === clientId);
    this.#items = this.#items.filter((one) => one !== item);
    this.#options.storage.removeItem(this.#prefix + clientId);
    if (item?.file) this.#options.onFileDone?.(item, isSent);
    this.#changed();
  }

  #changed(): void {
    this.#options.onChange(this.#items);
  }

  #store(item: Unsent): void {
    try {
      this.#options.storage.setItem(this.#prefix + item.clientId, JSON.stringify(item));
    } catch {
      // The browser's storage is full or closed: it is still sent, it only would not survive a reload.
    }
  }

  #stored(): Unsent[] {
    const found: Unsent[] = [];
    for (let index = 0; index < this.#options.storage.length; index += 1) {
      const key = this.#options.storage.key(index);
      if (!key?.startsWith(this.#prefix)) continue;
      const item = parse(this.#options.storage.getItem(key));
      if (item) found.push({ ...item, uploaded: 0, state: item.state === 'failed' ? 'failed' : 'waiting' });
    }
    return found.sort((a, b) => (a.clientId < b.clientId ? -1 : 1));
  }
}

function parse(text: string | null): Unsent | null {
  try {
    const item = JSON.parse(text ?? 'null') as Partial<Unsent> | null;
    const isWhole = item?.clientId && item.conversation && (item.text || item.file);
    return isWhole ? ({ file: null, ...item } as Unsent) : null;
  } catch {
    return null;
  }
}
