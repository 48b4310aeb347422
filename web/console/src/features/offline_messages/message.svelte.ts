// One offline message on screen: fetched, marked as read, replied to, and fetched again when it changes.
import { newId } from '@balcao/live';
import { isApiError, type OfflineMessage, type Ticket } from '@balcao/api';
import { api } from '../../api';
import { tellFailure } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { keepDraft, readDraft } from '../conversations/drafts.svelte';
import { live } from '../live/live.svelte';

export class OpenedMessage {
  message = $state.raw<OfflineMessage | null>(null);
  status = $state<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  text = $state('');
  error = $state<string | null>(null);
  isSending = $state(false);
  isConverting = $state(false);
  /** The same while the same is tried again, so that it is sent once. */
  #clientId = newId();
  #asked = 0;

  constructor(readonly id: string) {
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
    const text = this.text.trim();
    if (!text || this.isSending) return;
    this.isSending = true;
    try {
      const message = await api.replyOffline(this.id, { client_id: this.#clientId, text });
      this.#clientId = newId();
      this.#asked += 1;
      this.#show(message);
      this.write('');
    } catch (error) {
      // It may have arrived with another text: this is another reply then.
      if (isApiError(error) && error.code === 'client_id_reused') this.#clientId = newId();
      this.error = isApiError(error) && error.fields[0] ? error.fields[0].message : null;
      if (!this.error) tellFailure(error);
    } finally {
      this.isSending = false;
    }
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
      this.#show(await api.retryOfflineReply(this.id, entry));
    } catch (error) {
      tellFailure(error);
    }
  }
}
