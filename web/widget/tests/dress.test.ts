// The looks of the department that was chosen are put on, and taken off with another one (T-061).
import { expect, test } from 'vitest';
import { dress } from '../src/panel/ui/dress';
import { panelWith } from './screens';

test('each department wears its own looks, and nothing of the one before', () => {
  const { config } = panelWith().context;
  config.tint = '--brand: #2459a8';
  config.settings.greeting = 'Oi da loja';
  const brand = () => document.documentElement.style.getPropertyValue('--brand');
  dress(config, {
    settings: { plugin_name: 'Cobrança', offline_logo: 'p1', greeting: null as never },
    texts: { 'composer.placeholder': 'Sua dúvida' },
    tint: '--brand: #ffcc00',
  });
  expect([config.settings.plugin_name, config.settings.greeting, brand()]).toEqual(['Cobrança', null, '#ffcc00']);
  expect(config.texts['composer.placeholder']).toBe('Sua dúvida');
  dress(config, { settings: { plugin_name: 'Vendas' } });
  const { plugin_name, greeting, offline_logo } = config.settings;
  expect([plugin_name, greeting, offline_logo, brand()]).toEqual(['Vendas', 'Oi da loja', undefined, '#2459a8']);
  dress(config);
  expect(config.settings.plugin_name).toBe('Vila Clara');
  expect(config.texts['composer.placeholder']).not.toBe('Sua dúvida');
});
