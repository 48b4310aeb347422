// What few lines of a conversation need, loaded with the first: what can be done with a message that was refused, and copying a
// conversation's number.
import { button, h } from './dom';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import type { Words } from './words';
import texts from 'texts:acts';
import css from './acts.css?inline';

wear(css);

/** How long it says that the number was copied. */
const COPIED_FOR = 2500;

/** Fills the line of a refused message: why, and what can be done. A message with a file is not edited. */
export function refused(
  line: HTMLElement,
  words: Words['t'],
  reason: string,
  again: () => void,
  discard: () => void,
  edit?: () => void,
): void {
  const t = withTexts(texts, words);
  const act = (key: string, onclick: () => void) => button('link', onclick, t(key));
  line.replaceChildren(
    h('span', t('acts.refused', { reason })),
    h('span.acts', act('acts.again', again), edit && act('acts.edit', edit), act('acts.discard', discard)),
  );
}

/** A site's policy may keep the newer clipboard from frames; this way works there and without HTTPS. */
export function copy(shown: HTMLElement, number: string, text: string): void {
  shown.textContent = number;
  getSelection()?.selectAllChildren(shown);
  // What could not be copied stays selected, to be copied by hand.
  if (!document.execCommand('copy')) return;
  shown.textContent = withTexts(texts, (text) => text)('acts.copied');
  setTimeout(() => (shown.textContent = text), COPIED_FOR);
}
