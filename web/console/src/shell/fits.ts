// Whether something on offer is meant by a search: a screen, a setting, an action.
import { matches, wordsOf } from '@balcao/ui';
import { t } from '../i18n/i18n.svelte';

/** What one of many ends in, and what it ends in alone: in Portuguese, Spanish and English, accents aside. */
const ENDINGS: readonly [RegExp, string][] = [
  [/[ao]es$/, 'ao'],
  [/(?<=[aeou])is$/, 'l'],
  [/ns$/, 'm'],
  [/(?<=[lnrsz])es$/, ''],
  [/ies$/, 'y'],
  [/s$/, ''],
];
const SHORTEST = 4;

/** Every word that says something begins one of the text's, in any order, whether of one or of many. */
export function fits(text: string, search: string): boolean {
  const words = sayingWords(search);
  if (words.length === 0) return matches(text, search.trim());
  const present = wordsOf(text).flatMap(forms);
  return words.every((word) => forms(word).some((form) => present.some((one) => one.startsWith(form))));
}

/** Those first that are called what was searched for. */
export function byName<Entry extends { label: string }>(entries: Entry[], search: string): Entry[] {
  const isCalled = ({ label }: Entry) => Number(fits(label, search));
  return search ? entries.toSorted((a, b) => isCalled(b) - isCalled(a)) : entries;
}

/** Without what only joins them, unless there is nothing else yet. */
function sayingWords(search: string): string[] {
  const joining = wordsOf(t('console.search.joining'));
  const all = wordsOf(search);
  const saying = all.filter((word) => !joining.includes(word));
  return saying.length ? saying : all;
}

function forms(word: string): string[] {
  if (word.length < SHORTEST) return [word];
  const alone = ENDINGS.filter(([ending]) => ending.test(word)).map(([ending, one]) => word.replace(ending, one));
  return [word, ...alone];
}
