// The product's own texts, so that a test names what a person reads and survives a better wording.
import { readFileSync } from 'node:fs';

type Values = Record<string, string | number>;

export type Language = 'pt-BR' | 'en';

/** The texts of a language; a plural is chosen by `count`. */
export function textsIn(language: Language): (key: string, values?: Values) => string {
  const load = (surface: string): Record<string, string> =>
    JSON.parse(
      readFileSync(new URL(`../../../locales/${language}/${surface}.json`, import.meta.url), 'utf8'),
    ) as Record<string, string>;
  const texts = { ...load('console'), ...load('widget'), ...load('error') };
  return (key, values = {}) => {
    const { count } = values;
    const form = typeof count === 'number' ? `${key}.${count === 1 ? 'one' : 'other'}` : key;
    const text = texts[form] ?? texts[key];
    if (text === undefined) throw new Error(`no text is called ${key}`);
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
  };
}

/** The Portuguese text: the tests' own people speak it. */
export const t = textsIn('pt-BR');

/** The text as a pattern, where its placeholders may be anything. */
export function like(key: string): RegExp {
  const parts = t(key)
    .split(/\{\w+\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(parts.join('.+'));
}
