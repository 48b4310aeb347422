// The few words that components say themselves (close, copy …). The app provides them in the reader's language.
import { getContext, setContext } from 'svelte';

export interface Labels {
  close: string;
  copy: string;
  copied: string;
  clear: string;
  showPassword: string;
  hidePassword: string;
  nothingFound: string;
  /** Something was typed that cannot be chosen. */
  notInList: (typed: string) => string;
  /** What is asked before something unsaved goes, and the two answers. */
  discardQuestion: string;
  discard: string;
  keepEditing: string;
  remove: (what: string) => string;
  /** The unit as it is said after so many. */
  minutes: (count: number) => string;
  hours: (count: number) => string;
  days: (count: number) => string;
  /** The name of the choice beside a length of time. */
  unitOf: (what: string) => string;
}

const KEY = Symbol('ui labels');

export function provideLabels(labels: () => Labels): void {
  setContext(KEY, labels);
}

export function useLabels(): () => Labels {
  return getContext<() => Labels>(KEY);
}
