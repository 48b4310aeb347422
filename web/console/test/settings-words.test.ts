// by the menu words of other systems their users find the same screens here, in each language.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fits } from '../src/shell/fits';
import { describe, expect, it } from 'vitest';

/** The words, and the keys under which the page that has it is found. */
const WORDS: Record<string, readonly string[]> = {
  chat: ['General Settings > Chat > Settings', 'Chat > Settings', 'General'],
  'chat.messages': ['Messages and shortcuts'],
  specialists: ['Associate specialists', 'level of care', 'Level 1', 'Level 2', 'group of specialists', 'Erase'],
  projects: ['Defaults', 'Enable integration with the chat', 'Project'],
  ratings: ['Chat > Admin', 'Admin', 'View Detail'],
};
const KEYS: Record<string, readonly string[]> = {
  chat: ['console.chat.title', 'console.chat.words', 'console.chat.general'],
  'chat.messages': ['console.chat.messages', 'console.chat.messagesWords'],
  specialists: ['console.specialists.add', 'console.specialists.words'],
  projects: ['console.projects.title', 'console.projects.words'],
  ratings: ['console.ratings.title', 'console.ratings.words'],
};

describe.each(['pt-BR', 'en', 'es'])('in %s', (language) => {
  const file = join(import.meta.dirname, `../../../locales/${language}/console.json`);
  const texts = JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>;
  const cases = Object.entries(WORDS).flatMap(([page, words]) => words.map((word) => [page, word] as const));

  it.each(cases)('%s is found by "%s"', (page, word) => {
    const text = (KEYS[page] ?? []).map((key) => texts[key]).join(' ');
    expect(fits(text, word)).toBe(true);
  });
});
