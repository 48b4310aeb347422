// How long silence may last, as a form writes it: numbers that are texts while somebody types.
import type { Workspace } from '@balcao/api';
import { DAY, spanFault } from '../../shell/span';
import { wholeOf } from '../../shell/whole';

type Idle = Workspace['idle'];
export type IdleName = keyof Idle;

export const IDLE: readonly IdleName[] = ['visitor_minutes', 'agent_minutes', 'warning_minutes'];

export function idleTexts({ visitor_minutes, agent_minutes, warning_minutes }: Idle): Record<IdleName, string> {
  return {
    visitor_minutes: String(visitor_minutes),
    agent_minutes: String(agent_minutes),
    warning_minutes: String(warning_minutes),
  };
}

/** What is wrong with it, or nothing. Silence may last thirty days (Z-121), what lies between the warning and the end a day. */
export const idleFault = (name: IdleName, text: string): string | null =>
  name === 'warning_minutes' ? spanFault(text, 1, DAY) : spanFault(text, 0, 30 * DAY);

/** What was changed, as numbers. */
export function idleOf(changed: Partial<Record<IdleName, string>>): Partial<Idle> | null {
  const written = IDLE.filter((name) => changed[name] !== undefined);
  if (written.length === 0) return null;
  return Object.fromEntries(written.map((name) => [name, wholeOf(changed[name] ?? '')]));
}
