// The world's time zones, as the browser knows them, in words one would search for.
import type { Option } from '@balcao/ui';

export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'America/Sao_Paulo';
}

export function timeZones(now: Date = new Date()): Option[] {
  const names = Intl.supportedValuesOf('timeZone');
  const own = browserTimeZone();
  const all = names.includes(own) ? names : [own, ...names];
  return all.map((value) => ({
    value,
    label: value.replaceAll('_', ' ').replace('/', ' – '),
    detail: offsetOf(value, now),
  }));
}

function offsetOf(timeZone: string, now: Date): string {
  const parts = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'shortOffset' }).formatToParts(now);
  return parts.find((part) => part.type === 'timeZoneName')?.value ?? '';
}
