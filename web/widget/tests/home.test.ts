// The first screen: the other ways to reach the company.
import { expect, test } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host } from '../src/panel/host';
import type { Prefs } from '../src/panel/prefs';
import type { Context } from '../src/panel/ui/context';
import { home, tile } from '../src/panel/ui/home';
import { createWords } from '../src/panel/ui/words';
import type { PanelConfig } from '../src/shared/config';

function channelsOf(whatsapp: string, telegram: string): string[] {
  const settings = { whatsapp, telegram, greeting: '', offline_text: '' };
  const config = { language: 'pt-BR', texts: {}, company: 'Vila Clara', base: 'https://x', settings };
  const panel = config as unknown as PanelConfig;
  const context = { config: panel, client: new Client(panel, {} as Host), host: {} as Host, prefs: {} as Prefs };
  const { node } = home({ ...context, words: createWords(panel) } as unknown as Context);
  return [...node.querySelectorAll('a')].map((link) => link.href);
}

test('other channels are linked as the server keeps them', () => {
  expect(channelsOf('5531987654321', 'vilaclara')).toEqual(['https://wa.me/5531987654321', 'https://t.me/vilaclara']);
  expect(channelsOf('', '+5531987654321')).toEqual(['https://t.me/+5531987654321']);
  expect(channelsOf('', '')).toEqual([]);
});

test('a company is shown by the first letters of its first two words', () => {
  const shown = (name: string) => tile(name).textContent;
  expect(shown('Padaria e Confeitaria')).toBe('PE');
  expect(shown(' - élan & 3 irmãos')).toBe('É3');
  expect(shown('vila')).toBe('V');
});
