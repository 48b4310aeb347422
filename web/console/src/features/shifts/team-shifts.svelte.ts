// Whose hours run until when, and which departments have nobody in theirs: asked for again whenever that may have changed. Everybody's is asked
// for only where it is shown: to those who manage, and on the team's page; the own goes with the person.
import type { ShiftNow } from '@balcao/api';
import { untrack } from 'svelte';
import { api } from '../../api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

/** Several who come and go at once are asked for once. */
const GATHER = 1_000;
/** Hours change on the minute, for everybody at once: the consoles do not all ask in the same instant. */
const AFTER_CHANGE = 2_000;
const SPREAD = 8_000;
const LONGEST = 60 * 60_000;

class TeamShifts {
  of = $state.raw<ReadonlyMap<string, { shift: ShiftNow; mayExtend: boolean }>>(new Map());
  /** Departments in hours that somebody has set, without anybody online (T-115). */
  unattended = $state.raw<readonly string[]>([]);
  /** Whether it was asked for at least once: what comes first comes with the page. */
  isAsked = $state(false);
  #watchers = 0;
  #asked = 0;
  #changesAt: string | null = null;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  /** While the console is open. */
  start(): () => void {
    const stops = [
      session.may('conversations_close_any') ? this.watch() : () => undefined,
      live.whenSnapshot(() => this.#ask()),
      live.whenFrame((frame) => {
        const isEvent = frame.t === 'event' && /^(agent|hours|department)_/u.test(frame.event.kind);
        if (frame.t === 'presence' || isEvent) this.#ask();
      }),
    ];
    this.#askAtNextChange();
    return () => {
      stops.forEach((stop) => stop());
      this.#asked += 1;
      clearTimeout(this.#soon);
      clearTimeout(this.#later);
    };
  }

  /** While everybody's is shown. */
  watch(): () => void {
    this.#watchers += 1;
    if (untrack(() => this.isAsked)) this.#ask();
    else void this.load();
    return () => void (this.#watchers -= 1);
  }

  #ask(): void {
    clearTimeout(this.#soon);
    if (this.#watchers) this.#soon = setTimeout(() => void this.load(), GATHER);
    this.#askAtNextChange();
  }

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const { items, unattended, changes_at } = await api.team();
      if (asked !== this.#asked) return;
      this.of = new Map(items.map((item) => [item.agent_id, { shift: item.shift, mayExtend: item.may_extend }]));
      this.unattended = unattended;
      this.#changesAt = changes_at ?? null;
      this.#askAtNextChange();
    } catch {
      // The next change asks again; what is known stays.
    } finally {
      this.isAsked = true;
    }
  }

  #askAtNextChange(): void {
    clearTimeout(this.#later);
    const { until, extended_until } = session.me.shift;
    const changes = [until, extended_until, this.#watchers ? this.#changesAt : null];
    const ahead = changes.flatMap((at) => (at ? [Date.parse(at) - Date.now()] : [])).filter((millis) => millis > 0);
    const next = Math.min(...ahead, LONGEST) + AFTER_CHANGE + Math.random() * SPREAD;
    this.#later = setTimeout(() => void this.#onChange(), next);
  }

  async #onChange(): Promise<void> {
    await live.reloadMe();
    this.#ask();
  }
}

export const teamShifts = new TeamShifts();
