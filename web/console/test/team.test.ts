// The team's screen: who stands above, what the figures say, who is missed (T-135, T-137).
import { expect, it } from 'vitest';
import {
  figuresOf,
  inDepartment,
  isAlarming,
  isLate,
  isMissed,
  ordered,
  pauseOver,
  type Teammate,
} from '../src/features/routing/team';
import { agent } from './people';

function mate(id: string, change: Partial<Teammate> = {}, status: 'online' | 'away' | 'offline' = 'online'): Teammate {
  const none = { open: 0, waiting: 0, waitingSince: null, limit: 5, since: null, assignedAt: null, mayHandOver: true };
  return { agent: agent(id, { status }), ...none, ...change };
}

it('shows who is missed first, then who is there, each by name, so that no row jumps when the load changes', () => {
  const all = [
    mate('zoe', { open: 5 }),
    mate('bia', { open: 1 }),
    mate('caio', {}, 'offline'),
    mate('davi', {}, 'away'),
    mate('yuri', { open: 2, waiting: 1 }, 'offline'),
  ];
  expect(ordered(all).map((one) => one.agent.id)).toEqual(['yuri', 'bia', 'zoe', 'davi', 'caio']);
});

it('misses somebody only while visitors wait for them', () => {
  expect(isMissed(mate('a', { open: 3, waiting: 1 }, 'away'))).toBe(true);
  expect(isMissed(mate('a', { open: 3 }, 'offline'))).toBe(false);
  expect(isMissed(mate('a', { open: 3, waiting: 2 }))).toBe(false);
});

it('tells of whoever has gone at once, and of whoever stepped away after a minute', () => {
  const since = '2026-11-22T12:00:00Z';
  const after = (seconds: number): number => Date.parse(since) + seconds * 1000;
  const away = mate('a', { waiting: 1, since }, 'away');
  expect(isAlarming(away, after(59))).toBe(false);
  expect(isAlarming(away, after(60))).toBe(true);
  expect(isAlarming(mate('a', { since }, 'away'), after(600))).toBe(false);
  expect(isAlarming(mate('a', { waiting: 1, since }, 'offline'), after(0))).toBe(true);
});

it('counts free places only with those who are online, and nobody has less than none', () => {
  const all = [mate('a', { open: 3 }), mate('b', { open: 7, waiting: 2 }), mate('c', { open: 1 }, 'offline')];
  expect(figuresOf(all)).toEqual({ online: 2, away: 0, offline: 1, open: 11, waiting: 2, room: 2 });
});

it('shows one department’s people', () => {
  const all = [mate('a'), { ...mate('b'), agent: agent('b', { departments: [] }) }];
  expect(inDepartment(all, 'sales').map((one) => one.agent.id)).toEqual(['a']);
  expect(inDepartment(all, null)).toHaveLength(2);
});

// Z-124
it('calls a wait too long after the limit of the company, and never where there is none', () => {
  const waitingSince = '2026-11-20T12:00:00Z';
  const at = (minutes: number) => Date.parse(waitingSince) + minutes * 60_000;
  const one = mate('a', { open: 1, waiting: 1, waitingSince });
  expect(isLate(one, at(9.9), 10)).toBe(false);
  expect(isLate(one, at(10), 10)).toBe(true);
  expect(isLate(one, at(1_000), 0)).toBe(false);
  expect(isLate(mate('a', { open: 1 }), at(1_000), 10)).toBe(false);
});

// T-139
it('marks who has stayed longer on a pause than it was meant', () => {
  const now = Date.parse('2026-11-30T13:05:00Z');
  const paused = (until: string | null) => agent('bia', { status: 'away', pause: { name: 'Almoço', until } });
  expect(pauseOver(paused('2026-11-30T13:00:00Z'), now)).toBe(300_000);
  expect(pauseOver(paused('2026-11-30T13:10:00Z'), now)).toBe(0);
  expect(pauseOver(paused(null), now)).toBe(0);
  expect(pauseOver(agent('bia', { status: 'away' }), now)).toBe(0);
});
