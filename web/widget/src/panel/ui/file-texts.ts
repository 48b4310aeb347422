// What is said about files, with all that has to do with them.
import texts from 'texts:file';
import { withTexts } from './part-texts';
import type { Words } from './words';

export const fileTexts = (t: Words['t']): Words['t'] => withTexts(texts, t);
