// One offline message on screen: fetched, marked as read, replied to, and fetched again when it changes.
import { newId } from '@balcao/live';
import { isAbort, isApiError, type OfflineMessage, type Ticket } from '@balcao/api';
import { api } from '../../api';
import { failureText, tellFailure } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { keepDraft, readDraft } from '../conversations/drafts.svelte';
import { attachingOf, type Attaching } from '../files/attaching.svelte';
import { uploadChosen } from '../files/upload';
import { limitsOf } from '../files/words';
import { live } from '../live/live.svelte';

export class OpenedMessage {
  message = $state.raw<OfflineMessage | null>(null);
  status = $state<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  text = $state('');
  error = $state<string | null>(null);
  /** What will go with the reply; it stays while one looks elsewhere, like the text. */
  readonly attaching: Attaching;
  /** Why the files could not be sent. */
  filesError = $state<string | null>(null);
  /** The file that is on its way to the server. */
  uploading = $state.raw<{ name: string; value: number; max: number } | null>(null);
  filesSize = $derived.by(() => this.attaching.items.reduce((sum, { file }) => sum + file.size, 0));
  areTooLarge = $derived(this.filesSize > (this.message?.reply_files_mb ?? Infinity) * 1_000_000);
  maySend = $derived.by(() => this.text.trim() !== '' && !this.attaching.isPreparing && !this.areTooLarge);
  isSending = $state(false);
  isConverting = $state(false);
  /** The same while the same is tried again, so that it is sent once. */
  #clientId = newId();
  #asked = 0;
  #upload: AbortController | null = null;

  constructor(readonly id: string) {
    this.attaching = attachingOf(id, 'reply');
    this.text = readDraft(session.me.id, id, 'reply');
  }

  /** While it is shown. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => void this.load()),
      live.whenFrame((frame) => {
        if (frame.t !== 'event') return;
        const { event } = frame;
        const isOurs = 'offline_message' in event && event.offline_message === this.id;
        if (isOurs || event.kind === 'mail_changed') void this.load();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      let message = await api.offlineMessage(this.id);
      // Whoever only looks on leaves it as it is.
      if (message.state === 'new' && session.may('conversations_reply'))
        message = await api.readOfflineMessage(this.id);
      if (asked === this.#asked) this.#show(message);
    } catch (error) {
      if (asked !== this.#asked) return;
      if (this.message) return; // What is known stays; the next change asks again.
      this.status = isApiError(error) && error.code === 'not_found' ? 'missing' : 'failed';
    }
  }

  /** What was answered about it in place of what is shown. */
  keep(message: OfflineMessage): void {
    this.#asked += 1;
    this.#show(message);
  }

  #show(message: OfflineMessage): void {
    this.message = message;
    this.status = 'ready';
  }

  write(text: string): void {
    this.text = text;
    this.error = null;
    keepDraft(session.me.id, this.id, 'reply', text);
  }

  async send(): Promise<void> {
    if (!this.maySend || this.isSending) return;
    const text = this.text.trim();
    this.isSending = true;
    this.filesError = null;
    try {
      const files = await this.#bringFiles();
      const message = await api.replyOffline(this.id, { client_id: this.#clientId, text, files });
      this.#clientId = newId();
      this.attaching.take();
      this.keep(message);
      this.write('');
    } catch (error) {
      // It may have arrived with another text: this is another reply then.
      if (isApiError(error) && error.code === 'client_id_reused') this.#clientId = newId();
      this.#fail(error);
    } finally {
      this.isSending = false;
      this.uploading = null;
    }
  }

  /** Files to go with the reply. */
  attach(files: readonly File[]): void {
    this.filesError = null;
    void this.attaching.add(files, null, limitsOf(session.me.workspace));
  }

  /** The chosen files are on the server before the reply is. */
  async #bringFiles(): Promise<string[]> {
    const { signal } = (this.#upload = new AbortController());
    const ids: string[] = [];
    for (const chosen of this.attaching.items) {
      const { name, size } = chosen.file;
      const show = (value: number): void => {
        this.uploading = { name, value, max: size };
      };
      show(0);
      ids.push(await uploadChosen(chosen, signal, show));
    }
    return ids;
  }

  /** Stops bringing files; everything stays as it was written. */
  stopUpload(): void {
    this.#upload?.abort();
  }

  #fail(error: unknown): void {
    if (isAbort(error)) return;
    const fields = isApiError(error) ? error.fields : [];
    this.error = fields.find(({ field }) => field === 'text')?.message ?? null;
    if (this.error) return;
    if (this.uploading || fields.length) this.filesError = failureText(error);
    else tellFailure(error);
  }

  /** Goes on with it as a ticket; null where that failed. */
  async convert(): Promise<Ticket | null> {
    this.isConverting = true;
    try {
      return await api.makeTicket(this.id);
    } catch (error) {
      tellFailure(error);
      return null;
    } finally {
      this.isConverting = false;
    }
  }

  async retry(entry: string): Promise<void> {
    try {
      this.keep(await api.retryOfflineReply(this.id, entry));
    } catch (error) {
      tellFailure(error);
    }
  }
}
