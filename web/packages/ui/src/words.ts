// Finds the words of a search in a text, as the server does: case and accents do not matter, a word may be the beginning of one.
export interface WordPart {
  text: string;
  isHit: boolean;
}

const WORD = /[\p{L}\p{N}\p{M}]+/gu;

/** The words that are searched for; none when there is nothing to search. */
export function wordsOf(search: string): string[] {
  return [...search.matchAll(WORD)].map(([word]) => folded(word));
}

/** Whether every word begins one of the text's. */
export function hasWords(text: string, words: readonly string[]): boolean {
  if (words.length === 0) return false;
  const present = wordsOf(text);
  return words.every((word) => present.some((one) => one.startsWith(word)));
}

/** The text in pieces, with what was searched for marked. */
export function wordParts(text: string, words: readonly string[]): WordPart[] {
  const parts: WordPart[] = [];
  let end = 0;
  for (const { 0: word, index } of words.length ? text.matchAll(WORD) : []) {
    const length = longest(word, words);
    if (length === 0) continue;
    if (index > end) parts.push({ text: text.slice(end, index), isHit: false });
    parts.push({ text: text.slice(index, index + length), isHit: true });
    end = index + length;
  }
  if (end < text.length) parts.push({ text: text.slice(end), isHit: false });
  return parts;
}

/** A line around the first word that was found, short enough to show it. */
export function wordExcerpt(text: string, words: readonly string[], before = 32): string {
  const line = text.replace(/\s+/gu, ' ');
  const [first] = wordParts(line, words);
  const at = first && !first.isHit ? first.text.length : 0;
  if (at <= before || at === line.length) return line;
  return `…${line.slice(line.indexOf(' ', at - before) + 1 || at)}`;
}

/** How many signs of the word as it stands there the search covers. */
function longest(word: string, words: readonly string[]): number {
  const plain = folded(word);
  const covered = Math.max(0, ...words.filter((one) => plain.startsWith(one)).map((one) => one.length));
  if (covered === 0) return 0;
  let [length, folds] = [0, 0];
  for (const sign of word) {
    if (folds >= covered) break;
    folds += folded(sign).length;
    length += sign.length;
  }
  // Accents that are signs of their own stay with their letter.
  while (/^\p{M}/u.test(word.slice(length))) length += 1;
  return length;
}

function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
