// The team at this moment, for those who watch over it: who does what, who is missed, and who may hand on for whom.
import type { Agent, Status } from '@balcao/api';
import { clock } from '../../i18n/clock.svelte';
import { t } from '../../i18n/i18n.svelte';
import { session } from '../access/session.svelte';
import { statusText } from '../agents/words';
import { live } from '../live/live.svelte';
import { ordered, isAlarming, isLate, isMissed, type Teammate } from './team';

const PUT_ASIDE = 'balcao.absence';

class Team {
  /** Who of the absent was put aside, until they are back. */
  #aside = $state.raw<ReadonlySet<string>>(new Set(readAside()));
  /** Whose open conversations are being handed on: the dialog is open. */
  handed = $state.raw<Agent | null>(null);

  all = $derived.by(() => ordered([...live.state.agents.values()].filter(isAtWork).map((agent) => this.#of(agent))));
  /** Not online, with visitors who wait for them, and ours to help (T-137). */
  missed = $derived(this.all.filter((one) => isMissed(one) && isOursToHelp(one.agent)));
  alarming = $derived(this.missed.filter((one) => isAlarming(one, clock.now) && !this.#aside.has(one.agent.id)));
  /** Those whose open conversations one may hand on, where there are any. */
  burdened = $derived(this.all.filter((one) => one.open > 0 && one.mayHandOver));
  /** Who lets a visitor wait too long: oneself, and those one looks after who are there to be asked (Z-124). */
  late = $derived(
    this.all.filter((one) => {
      const isConcerned = one.agent.id === session.me.id || isOursToHelp(one.agent);
      return isConcerned && !isMissed(one) && isLate(one, clock.now, this.lateMinutes);
    }),
  );
  lateMinutes = $derived(live.state.workspace?.late_minutes ?? 0);
  mine = $derived(live.state.team.get(session.me.id) ?? null);

  of(id: string): Teammate | null {
    const agent = live.state.agents.get(id);
    return agent ? this.#of(agent) : null;
  }

  #of(agent: Agent): Teammate {
    const load = live.state.team.get(agent.id);
    return {
      agent,
      open: load?.open ?? 0,
      waiting: load?.waiting ?? 0,
      waitingSince: load?.waiting_since ?? null,
      limit: load?.limit ?? 0,
      since: load?.since ?? null,
      assignedAt: load?.assigned_at ?? null,
      mayHandOver: agent.id === session.me.id || isOursToHelp(agent),
    };
  }

  putAside(ids: string[]): void {
    this.#keep([...this.#aside, ...ids]);
  }

  /** Who came back is missed anew the next time. */
  forgetReturned(): void {
    const missed = new Set(this.missed.map((one) => one.agent.id));
    const still = [...this.#aside].filter((id) => missed.has(id));
    if (still.length !== this.#aside.size && live.state.team.size > 0) this.#keep(still);
  }

  #keep(ids: string[]): void {
    this.#aside = new Set(ids);
    sessionStorage.setItem(PUT_ASIDE, JSON.stringify([...this.#aside]));
  }
}

/** Managers look after the departments they manage, administrators after everybody. */
function isOursToHelp(agent: Agent): boolean {
  if (agent.id === session.me.id) return false;
  return session.isAdministrator || agent.departments.some((membership) => session.managesIn(membership.id));
}

/** Viewers serve nobody; who was invited and has never come is not there yet. */
function isAtWork(agent: Agent): boolean {
  return (
    (agent.is_active && !agent.is_invited && agent.role !== 'viewer') || (live.state.team.get(agent.id)?.open ?? 0) > 0
  );
}

function readAside(): string[] {
  try {
    const kept: unknown = JSON.parse(sessionStorage.getItem(PUT_ASIDE) ?? '[]');
    return Array.isArray(kept) ? kept.filter((id) => typeof id === 'string') : [];
  } catch {
    return [];
  }
}

/** "Online há 12 min": the status and how long it has held. */
export function statusSince(status: Status, time: string | null): string {
  if (!time) return statusText(status);
  return {
    online: t('console.team.onlineSince', { time }),
    away: t('console.team.awaySince', { time }),
    offline: t('console.team.offlineSince', { time }),
  }[status];
}

/** "Almoço há 12 min": what somebody has stepped away for, and by how much that has become too long. */
export function pauseSince(name: string, time: string | null, over: string | null): string {
  if (!time) return name;
  return over ? t('console.pauses.over', { name, time, over }) : t('console.pauses.since', { name, time });
}

export const team = new Team();
