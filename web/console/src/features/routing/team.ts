// What the team's screen is made of: its order, its figures, and who is missed. Pure.
import type { Agent, Status } from '@balcao/api';

export interface Teammate {
  agent: Agent;
  open: number;
  /** Open conversations whose visitor waits for an answer. */
  waiting: number;
  /** Since when the one of them that waits longest does. */
  waitingSince: string | null;
  limit: number;
  /** Since when they have their status. */
  since: string | null;
  assignedAt: string | null;
  mayHandOver: boolean;
}

const RANK: Record<Status, number> = { online: 0, away: 1, offline: 2 };

/** Somebody writes to them and they are not there. */
export const isMissed = ({ agent, waiting }: Teammate): boolean => agent.status !== 'online' && waiting > 0;

/** A visitor of theirs has waited for longer than the company's limit; 0 is none (Z-124). */
export const isLate = ({ waitingSince }: Teammate, now: number, minutes: number): boolean =>
  waitingSince !== null && minutes > 0 && now - Date.parse(waitingSince) >= minutes * 60_000;

/** By how much somebody has stayed longer on a pause than it was meant, in milliseconds (T-139). */
export function pauseOver({ pause }: Agent, now: number): number {
  return pause?.until ? Math.max(0, now - Date.parse(pause.until)) : 0;
}

/** For how long somebody may step away before those who watch over the team are told. */
const GRACE_MS = 60_000;

/** Missed for long enough to be told of: who steps away for a moment is not, who has gone is at once. */
export function isAlarming(mate: Teammate, now: number): boolean {
  const isBrief = mate.agent.status === 'away' && mate.since !== null && now - Date.parse(mate.since) < GRACE_MS;
  return isMissed(mate) && !isBrief;
}

/** Whoever is missed stands above, then those who are there; within that by name, so that nobody's row jumps with every message. */
export function ordered(all: readonly Teammate[]): Teammate[] {
  const rank = (one: Teammate): number => (isMissed(one) ? -1 : RANK[one.agent.status]);
  return [...all].sort((one, other) => rank(one) - rank(other) || one.agent.name.localeCompare(other.agent.name));
}

export interface TeamFigures {
  online: number;
  away: number;
  offline: number;
  open: number;
  waiting: number;
  /** How many more the people online could take. */
  room: number;
}

export function figuresOf(all: readonly Teammate[]): TeamFigures {
  const count = (status: Status): number => all.filter(({ agent }) => agent.status === status).length;
  const sum = (value: (one: Teammate) => number): number => all.reduce((total, one) => total + value(one), 0);
  return {
    online: count('online'),
    away: count('away'),
    offline: count('offline'),
    open: sum(({ open }) => open),
    waiting: sum(({ waiting }) => waiting),
    room: sum(({ agent, open, limit }) => (agent.status === 'online' ? Math.max(0, limit - open) : 0)),
  };
}

export const inDepartment = (all: readonly Teammate[], department: string | null): Teammate[] =>
  department === null
    ? [...all]
    : all.filter(({ agent }) => agent.departments.some((membership) => membership.id === department));
