// The list of offline messages as it is filtered: newest first, page by page, and fetched again when one of them changes.
import type { OfflineMessageRow, OfflineState } from '@balcao/api';
import { api } from '../../api';
import { tellFailure } from '../../shell/toasts';
import { live } from '../live/live.svelte';
import { offlineCounters } from './counters.svelte';

const TYPING = 250;
const GATHER = 300;

class OfflineList {
  rows = $state.raw<OfflineMessageRow[]>([]);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  hasMore = $state(false);
  isLoadingMore = $state(false);
  /** Replies can be sent. */
  canReply = $state(true);
  state = $state<OfflineState | ''>('');
  department = $state('');
  search = $state('');
  #asked = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  get isFiltered(): boolean {
    return Boolean(this.state || this.department || this.search.trim());
  }

  /** While the list is shown. */
  start(): () => void {
    void this.load();
    const again = () => this.#later(GATHER);
    const stops = [
      live.whenSnapshot(again),
      live.whenFrame((frame) => {
        const isOurs = frame.t === 'event' && /^(offline_message_|mail_)/u.test(frame.event.kind);
        if (isOurs) again();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
    };
  }

  filter(change: { state?: OfflineState | ''; department?: string }): void {
    Object.assign(this, change);
    void this.load();
  }

  type(text: string): void {
    this.search = text;
    this.#later(TYPING);
  }

  clear(): void {
    this.search = '';
    this.filter({ state: '', department: '' });
  }

  #later(pause: number): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), pause);
  }

  #query(before: string | null) {
    const { state, department, search } = this;
    return { state: state || null, department: department || null, search: search.trim(), before };
  }

  /** From the beginning; what is shown stays until it is there. */
  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const answer = await api.offlineMessages(this.#query(null));
      if (asked !== this.#asked) return;
      // What was looked through further down stays.
      const held = this.rows.length > answer.items.length && answer.has_more ? this.rows : [];
      const known = new Set(answer.items.map(({ id }) => id));
      const last = answer.items.at(-1)?.id ?? '';
      const older = this.status === 'ready' ? held.filter(({ id }) => !known.has(id) && id < last) : [];
      this.rows = [...answer.items, ...older];
      if (!older.length) this.hasMore = answer.has_more;
      this.canReply = answer.can_reply;
      offlineCounters.keep(answer.counters);
      this.status = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      if (this.status === 'ready') tellFailure(error);
      else this.status = 'failed';
    }
  }

  async loadMore(): Promise<void> {
    const asked = this.#asked;
    this.isLoadingMore = true;
    try {
      const answer = await api.offlineMessages(this.#query(this.rows.at(-1)?.id ?? null));
      if (asked !== this.#asked) return;
      this.rows = [...this.rows, ...answer.items];
      this.hasMore = answer.has_more;
    } catch (error) {
      tellFailure(error);
    } finally {
      this.isLoadingMore = false;
    }
  }

  retry(): void {
    this.status = 'loading';
    void this.load();
  }
}

export const offlineList = new OfflineList();
