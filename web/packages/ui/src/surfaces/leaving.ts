// What asks before it is left. The app provides who does the asking when the page around it goes: links, Back, reloading.
import { getContext, setContext } from 'svelte';

export interface Leaving {
  /** False while there is nothing to lose. */
  isDirty: () => boolean;
  /** Asks; true lets go. */
  ask: () => Promise<boolean>;
}

/** Registers it; returns how to take it back. */
export type Guard = (leaving: Leaving) => () => void;

const KEY = Symbol('ui guard');

export function provideGuard(guard: Guard): void {
  setContext(KEY, guard);
}

export function useGuard(): Guard | undefined {
  return getContext<Guard | undefined>(KEY);
}
