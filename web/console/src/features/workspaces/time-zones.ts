// The world's time zones, as the browser knows them: by city, in words one would search for, the nearest first.
import type { Option } from '@balcao/ui';
import { i18n, t, type Key } from '../../i18n/i18n.svelte';

/** Cities that are spelled otherwise than in the name of their zone, which is plain English ASCII. */
const CITIES: Record<string, Key> = {
  'America/Araguaina': 'console.zone.araguaina',
  'America/Argentina/Cordoba': 'console.zone.cordoba',
  'America/Cordoba': 'console.zone.cordoba',
  'America/Asuncion': 'console.zone.asuncion',
  'America/Belem': 'console.zone.belem',
  'America/Bogota': 'console.zone.bogota',
  'America/Cuiaba': 'console.zone.cuiaba',
  'America/Eirunepe': 'console.zone.eirunepe',
  'America/Maceio': 'console.zone.maceio',
  'America/Mexico_City': 'console.zone.mexicoCity',
  'America/New_York': 'console.zone.newYork',
  'America/Noronha': 'console.zone.noronha',
  'America/Panama': 'console.zone.panama',
  'America/Santarem': 'console.zone.santarem',
  'America/Sao_Paulo': 'console.zone.saoPaulo',
  'Atlantic/Azores': 'console.zone.azores',
  'Europe/Lisbon': 'console.zone.lisbon',
};

const MINUTE = 60_000;

export function browserTimeZone(): string {
  return Intl.DateTimeFormat().resolvedOptions().timeZone || 'America/Sao_Paulo';
}

/** `present`: the one that is set, which another browser may have called by another of its names. It comes first. */
export function timeZones(present: string, now: Date = new Date()): Option[] {
  const all = new Set([...Intl.supportedValuesOf('timeZone'), browserTimeZone(), present]);
  const zones = [...all].map((value) => ({ value, city: cityOf(value), ...clockOf(value, now) }));
  const here = clockOf(present, now).offset;
  const away = ({ value, offset }: (typeof zones)[number]): number =>
    value === present ? -1 : Math.abs(offset - here);
  return zones
    .sort((a, b) => away(a) - away(b) || a.offset - b.offset || a.city.localeCompare(b.city))
    .map(({ value, city, name, offset }) => ({ value, label: `${city} (${written(offset)})`, detail: name }));
}

function cityOf(zone: string): string {
  const key = CITIES[zone];
  return key ? t(key) : (zone.split('/').at(-1) ?? zone).replaceAll('_', ' ');
}

/** What the zone's time is called, and by how many minutes it is ahead of Greenwich now. One formatter answers both. */
function clockOf(timeZone: string, now: Date): { name: string; offset: number } {
  const fields = { year: 'numeric', month: 'numeric', day: 'numeric', hour: 'numeric', minute: 'numeric' } as const;
  const options = { timeZone, timeZoneName: 'longGeneric', hourCycle: 'h23', ...fields } as const;
  const parts = new Intl.DateTimeFormat(i18n.language, options).formatToParts(now);
  const read = (type: string): string => parts.find((part) => part.type === type)?.value ?? '';
  const [year = 0, month = 1, ...rest] = ['year', 'month', 'day', 'hour', 'minute'].map((type) => Number(read(type)));
  const there = Date.UTC(year, month - 1, ...rest);
  return { name: read('timeZoneName'), offset: there / MINUTE - Math.floor(now.getTime() / MINUTE) };
}

function written(offset: number): string {
  const minutes = Math.abs(offset);
  const two = (part: number): string => String(Math.floor(part)).padStart(2, '0');
  return `GMT${offset < 0 ? '-' : '+'}${two(minutes / 60)}:${two(minutes % 60)}`;
}
