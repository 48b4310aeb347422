// A list as it is filtered: newest first, page by page, and fetched again when something in it changes.
import { live } from '../features/live/live.svelte';
import { tellFailure } from './toasts';

const TYPING = 250;
/** Several changes at once are asked for once. */
const GATHER = 300;

interface Page<Row> {
  items: readonly Row[];
  has_more: boolean;
}

export abstract class PagedList<Row extends { id: string }, Answer extends Page<Row> = Page<Row>> {
  rows = $state.raw<Row[]>([]);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  hasMore = $state(false);
  isLoadingMore = $state(false);
  search = $state('');
  #asked = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** Which kinds of events change it. */
  protected abstract readonly concerns: RegExp;
  /** The page that follows a row. */
  protected abstract ask(before: string | null): Promise<Answer>;
  /** What else a first page says. */
  protected keep(_answer: Answer): void {}

  /** While the list is shown. */
  start(): () => void {
    void this.load();
    const again = () => this.#later(GATHER);
    const stops = [
      live.whenSnapshot(again),
      live.whenFrame((frame) => {
        if (frame.t === 'event' && this.concerns.test(frame.event.kind)) again();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
    };
  }

  type(text: string): void {
    this.search = text;
    this.#later(TYPING);
  }

  #later(pause: number): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), pause);
  }

  /** From the beginning; what is shown stays until it is there. */
  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const answer = await this.ask(null);
      if (asked !== this.#asked) return;
      // What was looked through further down stays.
      const held = this.rows.length > answer.items.length && answer.has_more ? this.rows : [];
      const known = new Set(answer.items.map(({ id }) => id));
      const last = answer.items.at(-1)?.id ?? '';
      const older = this.status === 'ready' ? held.filter(({ id }) => !known.has(id) && id < last) : [];
      this.rows = [...answer.items, ...older];
      if (!older.length) this.hasMore = answer.has_more;
      this.keep(answer);
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
      const answer = await this.ask(this.rows.at(-1)?.id ?? null);
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
