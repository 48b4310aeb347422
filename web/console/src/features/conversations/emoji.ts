// Emoji with their names in the reader's language, fetched from our own origin when the picker opens first.
import type { Language } from '@balcao/api';
import { matches } from '@balcao/ui';
import en from 'emoji-picker-element-data/en/cldr/data.json?url';
import es from 'emoji-picker-element-data/es/cldr/data.json?url';
import pt from 'emoji-picker-element-data/pt/cldr/data.json?url';

export interface Emoji {
  emoji: string;
  annotation: string;
  tags?: string[];
  group: number;
  order: number;
  version: number;
}

const ADDRESSES: Record<Language, string> = { 'pt-BR': pt, en, es };
const RECENT = 'balcao.emoji';
const MOST_RECENT = 18;
/** Newer ones are empty boxes on many of our agents' machines. */
const NEWEST_VERSION = 15;
/** Parts of others (skin tones), which nobody picks. */
const COMPONENTS = 2;

let loaded: { language: Language; emoji: Promise<Emoji[]> } | null = null;

export function loadEmoji(language: Language): Promise<Emoji[]> {
  if (loaded?.language !== language) loaded = { language, emoji: fetchEmoji(ADDRESSES[language]) };
  return loaded.emoji;
}

async function fetchEmoji(address: string): Promise<Emoji[]> {
  try {
    const response = await fetch(address);
    if (!response.ok) throw new Error(`emoji: ${response.status}`);
    const all = (await response.json()) as Emoji[];
    return all
      .filter((one) => one.version <= NEWEST_VERSION && one.group !== COMPONENTS)
      .sort((a, b) => a.order - b.order);
  } catch (error) {
    loaded = null; // The next opening tries again.
    throw error;
  }
}

export function findEmoji(all: Emoji[], search: string): Emoji[] {
  return all.filter((one) => matches([one.annotation, ...(one.tags ?? [])].join(' '), search));
}

export function recentEmoji(): string[] {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(RECENT) ?? '[]');
    return Array.isArray(kept) ? kept.filter((one) => typeof one === 'string') : [];
  } catch {
    return [];
  }
}

export function rememberEmoji(emoji: string): void {
  const recent = [emoji, ...recentEmoji().filter((one) => one !== emoji)].slice(0, MOST_RECENT);
  localStorage.setItem(RECENT, JSON.stringify(recent));
}
