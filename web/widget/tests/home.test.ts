// The first screen: the other ways to reach the company.
import { expect, test } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host } from '../src/panel/host';
import type { Prefs } from '../src/panel/prefs';
import type { Context } from '../src/panel/ui/context';
import { home, tile } from '../src/panel/ui/home';
import { createWords } from '../src/panel/ui/words';
import type { PanelConfig } from '../src/shared/config';
import { panelWith } from './screens';

function channelsOf(whatsapp: string, telegram: string): string[] {
  const settings = { whatsapp, telegram, greeting: '', offline_text: '' };
  const config = { language: 'pt-BR', texts: {}, company: 'Vila Clara', base: 'https://x', settings };
  const panel = config as unknown as PanelConfig;
  const context = {
    config: panel,
    client: new Client(panel, {} as Host),
    host: {} as Host,
    prefs: {} as Prefs,
    self: '',
  };
  const { node } = home({ ...context, words: createWords(panel) } as unknown as Context);
  return [...node.querySelectorAll('a')].map((link) => link.href);
}

test('other channels are linked as the server keeps them', () => {
  expect(channelsOf('5531987654321', 'vilaclara')).toEqual(['https://wa.me/5531987654321', 'https://t.me/vilaclara']);
  expect(channelsOf('', '+5531987654321')).toEqual(['https://t.me/+5531987654321']);
  expect(channelsOf('', '')).toEqual([]);
});

test('a name is shown by the letters that the console shows for it', () => {
  const shown = (name: string) => tile(name, '').textContent;
  expect(shown('Loja da Lia')).toBe('LL');
  expect(shown('vila')).toBe('V');
});

test('the first screen is headed by the name that the company chose for its chat', () => {
  const { context } = panelWith();
  const { node } = home({ ...context, self: 'Atendimento da Lia' });
  expect(node.querySelector('header .bar')!.textContent).toBe('AL' + 'Atendimento da Lia');
});
