// What was begun and not sent, per conversation and mode: kept in the browser, and seen by the lists as it changes.
import { SvelteMap } from 'svelte/reactivity';

export type Mode = 'reply' | 'note';

export interface Draft {
  mode: Mode;
  text: string;
}

const PREFIX = 'balcao.draft.';
const MODES: Mode[] = ['reply', 'note'];

/** What changed since the page was loaded, also in other tabs; the rest stands in the browser's storage. */
const changed = new SvelteMap<string, string>();

addEventListener('storage', ({ key, newValue }) => {
  if (key?.startsWith(PREFIX)) changed.set(key, newValue ?? '');
});

export function readDraft(agent: string, conversation: string, mode: Mode): string {
  const key = keyOf(agent, conversation, mode);
  return changed.get(key) ?? localStorage.getItem(key) ?? '';
}

export function keepDraft(agent: string, conversation: string, mode: Mode, text: string): void {
  const key = keyOf(agent, conversation, mode);
  const kept = text.trim() ? text : '';
  changed.set(key, kept);
  if (!kept) return localStorage.removeItem(key);
  try {
    localStorage.setItem(key, kept);
  } catch {
    // A full storage must not stop anybody from typing.
  }
}

/** Of both, what would go to the visitor. */
export function draftOf(agent: string, conversation: string): Draft | null {
  const drafts = MODES.map((mode) => ({ mode, text: readDraft(agent, conversation, mode) }));
  return drafts.find(({ text }) => text !== '') ?? null;
}

function keyOf(agent: string, conversation: string, mode: Mode): string {
  return `${PREFIX}${agent}.${conversation}.${mode}`;
}
