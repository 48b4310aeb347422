// Time zones: human names in the reader's language, the nearest first, and found by what people call them.
import { matches } from '@balcao/ui';
import { expect, it } from 'vitest';
import { timeZones } from '../src/features/workspaces/time-zones';
import { i18n } from '../src/i18n/i18n.svelte';

const NOW = new Date('2026-11-20T12:00:45Z');
const zone = (value: string) => timeZones(value, NOW).find((one) => one.value === value);

it('cities are spelled as people write them, with the offset of today', async () => {
  await i18n.use('pt-BR');
  expect(zone('America/Sao_Paulo')?.label).toBe('São Paulo (GMT-03:00)');
  expect(zone('America/Noronha')?.label).toBe('Fernando de Noronha (GMT-02:00)');
  expect(zone('America/Porto_Velho')?.label).toBe('Porto Velho (GMT-04:00)');
  expect(zone('America/Argentina/Buenos_Aires')?.label).toBe('Buenos Aires (GMT-03:00)');
  expect(zone('Asia/Kathmandu')?.label).toMatch(/\(GMT\+05:45\)$/);
  expect(zone('Europe/Lisbon')?.label).toBe('Lisboa (GMT+00:00)');
  await i18n.use('en');
  expect(zone('Europe/Lisbon')?.label).toBe('Lisbon (GMT+00:00)');
});

it('the present one comes first, then its neighbours', () => {
  const zones = timeZones('America/Manaus', NOW);
  expect(zones[0]?.value).toBe('America/Manaus');
  expect(zones[1]?.label).toMatch(/\(GMT-04:00\)$/);
});

it('the time of a country is found by its name', async () => {
  await i18n.use('pt-BR');
  const { detail = '' } = zone('America/Sao_Paulo') ?? {};
  expect(matches(detail, 'brasilia')).toBe(true);
});
