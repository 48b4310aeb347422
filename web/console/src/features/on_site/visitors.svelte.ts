// Who is on the site now, of what one may see: asked for again whenever the server says that it has changed.
import { isAbort, type GuestShown } from '@balcao/api';
import { api } from '../../api';
import { live } from '../live/live.svelte';

/** Several changes at once are asked for once. */
const GATHER = 300;

class Visitors {
  items = $state.raw<readonly GuestShown[]>([]);
  /** Of all of them, at most a hundred are shown. */
  count = $state(0);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  /** A connection's id; empty: all. */
  connection = $state('');
  #request: AbortController | null = null;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** While the list is shown. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => this.#ask()),
      live.whenFrame((frame) => {
        // Somebody has taken, closed or handed on a conversation of one of them.
        if (frame.t === 'visitors' || frame.t === 'rows' || frame.t === 'event') this.#ask();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
      this.#request?.abort();
    };
  }

  filter(connection: string): void {
    this.connection = connection;
    void this.load();
  }

  retry(): void {
    this.status = 'loading';
    void this.load();
  }

  #ask(): void {
    this.#soon ??= setTimeout(() => void this.load(), GATHER);
  }

  async load(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    try {
      const answer = await api.visitorsOnSite(this.connection || null, request.signal);
      this.items = answer.items;
      this.count = answer.count;
      this.status = 'ready';
    } catch (error) {
      // What is known stays; the next change asks again.
      if (!isAbort(error) && this.status === 'loading') this.status = 'failed';
    }
  }
}

export const visitors = new Visitors();
