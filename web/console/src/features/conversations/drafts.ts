// What was begun and not sent, per conversation and mode, kept in the browser.
export type Mode = 'reply' | 'note';

const PREFIX = 'balcao.draft.';

export function readDraft(agent: string, conversation: string, mode: Mode): string {
  return localStorage.getItem(`${PREFIX}${agent}.${conversation}.${mode}`) ?? '';
}

export function keepDraft(agent: string, conversation: string, mode: Mode, text: string): void {
  const key = `${PREFIX}${agent}.${conversation}.${mode}`;
  if (!text.trim()) return localStorage.removeItem(key);
  try {
    localStorage.setItem(key, text);
  } catch {
    // A full storage must not stop anybody from typing.
  }
}
