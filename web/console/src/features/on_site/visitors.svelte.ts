// Who is on the site now, of what one may see: asked for again whenever the server says that it has changed.
import { isAbort, type GuestShown } from '@balcao/api';
import type { StateFrame } from '@balcao/live';
import { api } from '../../api';
import { live } from '../live/live.svelte';

/** Several changes at once are asked for once. */
const GATHER = 300;

const isTurn = (frame: StateFrame): boolean =>
  frame.t === 'event' && 'conversation' in frame.event && frame.event.kind !== 'message_added';

class Visitors {
  items = $state.raw<readonly GuestShown[]>([]);
  /** Of all of them, at most a hundred are shown. */
  count = $state(0);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  /** A connection's id; empty: all. */
  connection = $state('');
  #request: AbortController | null = null;
  #isAsking = false;
  /** Something has changed since it was asked. */
  #isOld = false;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** While the list is shown. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => this.#ask()),
      live.whenFrame((frame) => {
        // Somebody has begun, taken, closed or handed on a conversation of one of them.
        if (frame.t === 'visitors' || isTurn(frame)) this.#ask();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
      this.#soon = undefined;
      this.#request?.abort();
      this.#request = null;
      this.#isAsking = false;
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

  /** While one is asked for, the next one waits: in a busy company none would ever come otherwise. */
  #ask(): void {
    if (this.#isAsking) this.#isOld = true;
    else this.#soon ??= setTimeout(() => void this.load(), GATHER);
  }

  async load(): Promise<void> {
    clearTimeout(this.#soon);
    this.#soon = undefined;
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    this.#isAsking = true;
    this.#isOld = false;
    try {
      const answer = await api.visitorsOnSite(this.connection || null, request.signal);
      this.items = answer.items;
      this.count = answer.count;
      this.status = 'ready';
    } catch (error) {
      // What is known stays; the next change asks again.
      if (!isAbort(error) && this.status === 'loading') this.status = 'failed';
    }
    if (this.#request !== request) return;
    this.#isAsking = false;
    if (this.#isOld) this.#ask();
  }
}

export const visitors = new Visitors();
