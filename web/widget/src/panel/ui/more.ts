// What is behind the conversation's menu, loaded when it is first opened.
import css from './more.css?inline';
import texts from 'texts:more';
import { ending, type Ending } from './ending';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import type { Words } from './words';

wear(css);

export const moreTexts = (t: Words['t']): Words['t'] => withTexts(texts, t);

/** The question before the end. */
export const endingOf = (place: HTMLElement, t: Words['t'], onEnd: () => void, onDone: () => void): Ending =>
  ending(
    place,
    { question: t('more.end_question'), cancel: t('more.end_cancel'), confirm: t('more.end_confirm') },
    onEnd,
    onDone,
  );

export type { Ending } from './ending';
export { menu, type Choice } from './menu';
