// How long silence may last, as a form writes it: numbers that are texts while somebody types.
import type { Workspace } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

type Idle = Workspace['idle'];
export type IdleName = keyof Idle;

export const IDLE: readonly IdleName[] = ['visitor_minutes', 'agent_minutes', 'warning_minutes'];
const MOST = 1_440;

export function idleTexts({ visitor_minutes, agent_minutes, warning_minutes }: Idle): Record<IdleName, string> {
  return {
    visitor_minutes: String(visitor_minutes),
    agent_minutes: String(agent_minutes),
    warning_minutes: String(warning_minutes),
  };
}

export const minutesOf = (text: string): number => (/^\s*\d+\s*$/.test(text) ? Number(text) : NaN);

/** What is wrong with it, or nothing. */
export function idleFault(name: IdleName, text: string): string | null {
  const least = name === 'warning_minutes' ? 1 : 0;
  const value = minutesOf(text);
  return value >= least && value <= MOST ? null : t('console.chat.minutesFault', { least, most: MOST });
}

/** What was changed, as numbers. */
export function idleOf(changed: Partial<Record<IdleName, string>>): Partial<Idle> | null {
  const written = IDLE.filter((name) => changed[name] !== undefined);
  if (written.length === 0) return null;
  return Object.fromEntries(written.map((name) => [name, minutesOf(changed[name] ?? '')]));
}
