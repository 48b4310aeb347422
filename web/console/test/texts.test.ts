// The catalogues: the same keys and placeholders in all languages, and every text used somewhere.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import en from '../../../locales/en/console.json';
import es from '../../../locales/es/console.json';
import pt from '../../../locales/pt-BR/console.json';
import { i18n, t } from '../src/i18n/i18n.svelte';

const placeholders = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((found) => found[1]).sort();

describe.each([
  ['pt-BR', pt],
  ['es', es],
])('%s', (_, texts: Record<string, string>) => {
  it('has the keys of English', () => expect(Object.keys(texts).sort()).toEqual(Object.keys(en).sort()));
  it.each(Object.entries(en))('%s has the same placeholders', (key, text) => {
    expect(placeholders(texts[key] ?? '')).toEqual(placeholders(text));
  });
});

it('every text is used', () => {
  const folder = join(import.meta.dirname, '../src');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) =>
    /\.(svelte|ts)$/.test(file),
  );
  const source = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  const bases = new Set(Object.keys(en).map((key) => key.replace(/\.(one|other)$/, '')));
  expect([...bases].filter((key) => !source.includes(`'${key}'`))).toEqual([]);
});

describe('t', () => {
  it('fills placeholders and chooses the plural of the language', async () => {
    await i18n.use('pt-BR');
    expect(t('console.timeline.new', { count: 1 })).toBe('1 nova mensagem');
    expect(t('console.timeline.new', { count: 3 })).toBe('3 novas mensagens');
    expect(t('console.timeline.new', { count: 2_000_000 })).toBe('2000000 novas mensagens');
    await i18n.use('en');
    expect(t('console.conversation.alreadyTaken', { name: 'Ana' })).toBe(
      'Ana has already taken over this conversation.',
    );
  });
});
