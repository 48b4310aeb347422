// Whose hours run until when, and which departments have nobody in theirs: asked for again whenever that may have changed.
import type { ShiftNow } from '@balcao/api';
import { api } from '../../api';
import { clock } from '../../i18n/clock.svelte';
import { live } from '../live/live.svelte';

/** Several who come and go at once are asked for once. */
const GATHER = 1_000;
/** Hours change on the minute; whoever asks a moment later is answered as it is from then on. */
const AFTER_CHANGE = 3_000;
const LONGEST = 60 * 60_000;

class TeamShifts {
  of = $state.raw<ReadonlyMap<string, { shift: ShiftNow; mayExtend: boolean }>>(new Map());
  /** Departments in hours that somebody has set, without anybody online (T-115). */
  unattended = $state.raw<readonly string[]>([]);
  #soon: ReturnType<typeof setTimeout> | undefined;
  #later: ReturnType<typeof setTimeout> | undefined;

  start(): () => void {
    const stops = [
      live.whenSnapshot(() => this.#ask()),
      live.whenFrame((frame) => {
        const isAbout = frame.t === 'presence' || (frame.t === 'event' && frame.event.kind.startsWith('agent_'));
        if (isAbout) this.#ask();
      }),
    ];
    this.#ask();
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
      clearTimeout(this.#later);
    };
  }

  #ask(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), GATHER);
  }

  async load(): Promise<void> {
    try {
      const { items, unattended } = await api.team();
      this.of = new Map(items.map((item) => [item.agent_id, { shift: item.shift, mayExtend: item.may_extend }]));
      this.unattended = unattended;
      this.#askAtNextChange();
    } catch {
      // The next change asks again; what is known stays.
    }
  }

  #askAtNextChange(): void {
    clearTimeout(this.#later);
    const changes = [...this.of.values()].flatMap(({ shift }) => [shift.until, shift.extended_until]);
    const next = Math.min(...changes.flatMap((at) => (at ? [Date.parse(at)] : [])), clock.now + LONGEST);
    this.#later = setTimeout(() => void this.load(), Math.max(next - clock.now, 0) + AFTER_CHANGE);
  }
}

export const teamShifts = new TeamShifts();
