// Every text of the console. Catalogues are loaded one language at a time; keys are those of the English file.
import type { Language } from '@balcao/api';
import type catalogue from '../../../../locales/en/console.json';

type RawKey = keyof typeof catalogue;
type PluralKey<Key> = Key extends `${infer Base}.one` ? Base : Key extends `${string}.other` ? never : Key;
export type Key = PluralKey<RawKey>;
export type Params = Record<string, string | number>;

export const LANGUAGES: readonly Language[] = ['pt-BR', 'en', 'es'];
/** Each in its own words, so that everyone finds theirs. */
export const LANGUAGE_NAMES: Record<Language, string> = { 'pt-BR': 'Português (Brasil)', en: 'English', es: 'Español' };

const LOADERS: Record<Language, () => Promise<{ default: Record<string, string> }>> = {
  'pt-BR': () => import('../../../../locales/pt-BR/console.json'),
  en: () => import('../../../../locales/en/console.json'),
  es: () => import('../../../../locales/es/console.json'),
};

const REMEMBERED = 'balcao.language';

class I18n {
  language = $state<Language>('pt-BR');
  #texts = $state.raw<Record<string, string>>({});
  #plurals = $derived(new Intl.PluralRules(this.language));

  async use(language: Language): Promise<void> {
    const { default: texts } = await LOADERS[language]();
    this.#texts = texts;
    this.language = language;
    document.documentElement.lang = language;
  }

  /** Before anybody is known: what was chosen here last, else what the browser asks for. */
  async start(): Promise<void> {
    const remembered = LANGUAGES.find((language) => language === localStorage.getItem(REMEMBERED));
    await this.use(remembered ?? browserLanguage() ?? 'pt-BR');
  }

  async choose(language: Language): Promise<void> {
    localStorage.setItem(REMEMBERED, language);
    await this.use(language);
  }

  t(key: Key, params: Params = {}): string {
    const text = this.#texts[this.#plural(key, params)] ?? this.#texts[`${key}.other`] ?? key;
    return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(params[name] ?? whole));
  }

  #plural(key: Key, params: Params): string {
    if (typeof params.count !== 'number') return key;
    const form = `${key}.${this.#plurals.select(params.count)}`;
    return form in this.#texts ? form : key;
  }
}

export function browserLanguage(): Language | null {
  for (const wanted of navigator.languages) {
    const found = LANGUAGES.find((language) => language.slice(0, 2) === wanted.slice(0, 2).toLowerCase());
    if (found) return found;
  }
  return null;
}

export const i18n = new I18n();
export const t = (key: Key, params?: Params): string => i18n.t(key, params);
