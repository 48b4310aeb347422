// What is behind the conversation's menu, loaded when it is first opened.
import css from './more.css?inline';
import texts from 'texts:more';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import type { Words } from './words';

wear(css);

export const moreTexts = (t: Words['t']): Words['t'] => withTexts(texts, t);

export { ending, type Ending } from './ending';
export { menu, type Choice } from './menu';
