// The ratings of a period: their figures, and the list of them, as both are filtered.
import { isApiError, type RatingFigures, type RatingRow } from '@balcao/api';
import { api } from '../../api';
import { clock } from '../../i18n/clock.svelte';
import { format } from '../../i18n/format.svelte';
import { PagedList } from '../../shell/paged.svelte';
import { tellFailure } from '../../shell/toasts';
import { live } from '../live/live.svelte';
import { daysUntil, type Days, type Period } from './ratings';

/** Several answers at once are counted once. */
const GATHER = 300;
const CONCERNS = /^conversation_rated$/u;

/** Of when and where. */
export interface Place extends Period {
  department: string | null;
}

class RatingList extends PagedList<RatingRow> {
  /** A person's id. Empty: everybody's. */
  agent = $state('');
  /** On the company's scale. Empty: any. */
  grade = $state('');
  commented = $state(false);
  protected readonly concerns = CONCERNS;

  constructor(readonly place: () => Place) {
    super();
  }

  get isFiltered(): boolean {
    return Boolean(this.agent || this.grade || this.commented);
  }

  filter(change: { agent?: string; grade?: string; commented?: boolean }): void {
    Object.assign(this, change);
    this.again();
  }

  /** Anew, with nothing left of what was asked for before. */
  again(): void {
    this.rows = [];
    this.retry();
  }

  clear(): void {
    this.filter({ agent: '', grade: '', commented: false });
  }

  protected ask(before: string | null) {
    const { agent, grade, commented } = this;
    return api.ratings({ ...this.place(), agent, grade, commented: commented || null, before });
  }
}

export class Ratings {
  days = $state<Days>('30');
  /** One's own dates. */
  from = $state('');
  to = $state('');
  department = $state('');
  figures = $state.raw<RatingFigures | null>(null);
  status = $state<'loading' | 'ready' | 'failed'>('loading');
  /** What is wrong with the dates, by field. */
  errors = $state.raw<Readonly<Record<string, string>>>({});
  readonly list = new RatingList(() => this.#place());
  /** What the figures shown are of. */
  #shown: Place | null = null;
  #asked = 0;
  #soon: ReturnType<typeof setTimeout> | undefined;

  /** While the page is shown. */
  start(): () => void {
    void this.load();
    const later = () => {
      clearTimeout(this.#soon);
      this.#soon = setTimeout(() => void this.load(), GATHER);
    };
    const stops = [
      this.list.start(),
      live.whenSnapshot(later),
      live.whenFrame((frame) => {
        if (frame.t === 'event' && CONCERNS.test(frame.event.kind)) later();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
    };
  }

  choose(change: { days?: Days; from?: string; to?: string; department?: string }): void {
    // One's own dates begin with those that were shown.
    if (change.days === 'own' && this.days !== 'own') Object.assign(this, this.#wanted());
    Object.assign(this, change);
    if (this.days !== 'own' || (this.from && this.to)) void this.load();
  }

  #wanted(): Place {
    const { days, from, to, department } = this;
    const period = days === 'own' ? { from, to } : daysUntil(format.dayKey(clock.now), Number(days));
    return { ...period, department: department || null };
  }

  #place(): Place {
    return this.#shown ?? this.#wanted();
  }

  /** What is shown stays until the new figures are there; where they are of something else, the list follows. */
  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    const wanted = this.#wanted();
    try {
      const figures = await api.ratingFigures(wanted);
      if (asked !== this.#asked) return;
      const isOther = this.#shown !== null && JSON.stringify(this.#shown) !== JSON.stringify(wanted);
      this.figures = figures;
      this.#shown = wanted;
      this.status = 'ready';
      this.errors = {};
      if (isOther) this.list.again();
    } catch (error) {
      if (asked === this.#asked) this.#fail(error);
    }
  }

  #fail(error: unknown): void {
    const faults = isApiError(error) ? error.fields : [];
    if (faults.length) this.errors = Object.fromEntries(faults.map(({ field, message }) => [field, message]));
    else if (this.status === 'ready') tellFailure(error);
    else this.status = 'failed';
  }

  retry(): void {
    this.status = 'loading';
    void this.load();
  }
}
