// Texts that come with a part which is loaded when it is used, before those of the page.
import type { Words } from './words';

/** `texts`: by language, as `texts:<part>` holds them. */
export const withTexts =
  (texts: Record<string, Record<string, string>>, t: Words['t']): Words['t'] =>
  (key, values) =>
    // What is no key is a text: its values are put in all the same.
    t(texts[document.documentElement.lang]?.[key] ?? key, values);
