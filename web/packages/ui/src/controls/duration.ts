// Lengths of time as people say them: a number of minutes in the unit that fits it.

export type DurationUnit = 'minutes' | 'hours' | 'days';
export const UNITS: readonly DurationUnit[] = ['minutes', 'hours', 'days'];

const MINUTES: Record<DurationUnit, number> = { minutes: 1, hours: 60, days: 1_440 };
const isWhole = (text: string) => /^\s*\d{1,7}\s*$/.test(text);

/** The largest unit in which so many minutes are a whole number, or `chosen` while they are one in it. */
export function unitOf(minutes: string, chosen?: DurationUnit): DurationUnit {
  const count = Number(minutes);
  if (!isWhole(minutes) || count === 0) return chosen ?? 'minutes';
  const fits = (unit: DurationUnit) => count % MINUTES[unit] === 0;
  return chosen && fits(chosen) ? chosen : (UNITS.findLast(fits) ?? 'minutes');
}

/** Minutes in a unit; what is no number stays as it is. */
export function inUnit(minutes: string, unit: DurationUnit): string {
  return isWhole(minutes) ? String(Number(minutes) / MINUTES[unit]) : minutes;
}

/** What is written in a unit, in minutes; what is no number stays as it is. */
export function minutesIn(text: string, unit: DurationUnit): string {
  return isWhole(text) ? String(Number(text) * MINUTES[unit]) : text;
}
