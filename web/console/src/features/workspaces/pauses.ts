// The pauses as a form writes them, and what is wrong with one (T-139).
import type { Pause } from '@balcao/api';
import { plain } from '@balcao/ui';
import { t } from '../../i18n/i18n.svelte';
import { wholeOf } from '../../shell/whole';

/** Minutes are a text while somebody types. */
export type PauseDraft = Omit<Pause, 'minutes'> & { minutes: string };

export interface PauseFault {
  name?: string;
  minutes?: string;
}

/** Up to eight hours. */
const LONGEST = 480;

export const pauseDrafts = (pauses: readonly Pause[]): PauseDraft[] =>
  pauses.map((pause) => ({ ...pause, minutes: String(pause.minutes) }));

export const pausesOf = (drafts: readonly PauseDraft[]): Pause[] =>
  drafts.map((draft) => ({ ...draft, minutes: wholeOf(draft.minutes) }));

/** Row by row; of two that are called the same, the later one is wrong. */
export function pauseFaults(drafts: readonly PauseDraft[]): PauseFault[] {
  const names = drafts.map(({ name }) => plain(name).trim().replace(/\s+/gu, ' '));
  return drafts.map(({ name, minutes }, index) => {
    const number = index + 1;
    const own = names[index] ?? '';
    const fault: PauseFault = {};
    if (own === '') fault.name = t('console.pauses.nameless', { number });
    else if (names.indexOf(own) < index) fault.name = t('console.pauses.nameTwice', { number, name: name.trim() });
    if (wholeOf(minutes) > LONGEST) fault.minutes = t('console.pauses.minutesFault', { number, most: LONGEST });
    return fault;
  });
}

/** What is wrong with any of them, or nothing. */
export const pausesFault = (drafts: readonly PauseDraft[]): string | null =>
  pauseFaults(drafts)
    .flatMap(({ name, minutes }) => [name, minutes])
    .filter(Boolean)
    .join(' ') || null;
