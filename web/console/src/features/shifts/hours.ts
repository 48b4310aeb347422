// Hours as a person reads and writes them: what is in force, how a week looks, and the form's own shape. Pure.
import type { Hours, HoursOf } from '@balcao/api';

/** Monday to Sunday. */
export const WEEK = [1, 2, 3, 4, 5, 6, 7];

export interface SpanDraft {
  start: string;
  end: string;
}

export interface ShiftDraft extends SpanDraft {
  weekdays: number[];
}

export interface DayDraft {
  date: string;
  name: string;
  spans: SpanDraft[];
}

export interface HoursDraft {
  /** Empty: the one above. */
  time_zone: string;
  shifts: ShiftDraft[];
  days: DayDraft[];
}

const END_OF_DAY = '24:00';
const MIDNIGHT = '00:00';
const DAY = 1440;

/** A field for a time knows no 24:00: an end at midnight is the day's. */
const shownSpan = ({ start, end }: SpanDraft): SpanDraft => ({ start, end: end === END_OF_DAY ? MIDNIGHT : end });
const sentSpan = ({ start, end }: SpanDraft): SpanDraft => ({ start, end: end === MIDNIGHT ? END_OF_DAY : end });

export function toDraft({ time_zone, shifts, days }: Hours): HoursDraft {
  return {
    time_zone: time_zone ?? '',
    shifts: shifts.map((shift) => ({ weekdays: [...shift.weekdays], ...shownSpan(shift) })),
    days: days.map(({ date, name, spans }) => ({ date, name, spans: spans.map(shownSpan) })),
  };
}

export function toHours({ time_zone, shifts, days }: HoursDraft): Hours {
  return {
    time_zone: time_zone || null,
    shifts: shifts.map((shift) => ({ weekdays: [...shift.weekdays].sort(), ...sentSpan(shift) })),
    days: days.map(({ date, name, spans }) => ({ date, name, spans: spans.map(sentSpan) })),
  };
}

/** A new row goes on where the last one ends; the first one is an office's day. */
export function nextShift(shifts: readonly ShiftDraft[]): ShiftDraft {
  if (shifts.length === 0) return { weekdays: [1, 2, 3, 4, 5], start: '08:00', end: '18:00' };
  const free = WEEK.filter((day) => !shifts.some(({ weekdays }) => weekdays.includes(day)));
  return { weekdays: free.length ? [free[0]!] : [], start: '08:00', end: '12:00' };
}

/** A part of a day that is open, in parts of the whole day from 0 to 1. */
export interface Bar {
  from: number;
  to: number;
}

const minutes = (time: string): number => {
  const [hour = 0, minute = 0] = time.split(':').map(Number);
  return hour * 60 + minute;
};

/** What of each day is open, Monday first; what goes over midnight goes on the next day. Without any shift all of it. */
export function weekOf(shifts: readonly ShiftDraft[]): Bar[][] {
  const week: Bar[][] = WEEK.map(() => []);
  if (shifts.length === 0) return week.map(() => [{ from: 0, to: 1 }]);
  const add = (day: number, from: number, to: number) => {
    if (to > from) week[day % 7]?.push({ from: from / DAY, to: to / DAY });
  };
  for (const { weekdays, start, end } of shifts) {
    if (!start || !end) continue;
    const [from, to] = [minutes(start), minutes(end) || DAY];
    for (const weekday of weekdays) {
      const day = weekday - 1;
      add(day, from, to > from ? to : DAY);
      if (to <= from) add(day + 1, 0, to);
    }
  }
  return week;
}

/** The shifts that hold while the form says this: the own ones; where they were all taken out, those above, as far as they are known. */
export function shiftsInForce(own: readonly ShiftDraft[], { owner, hours, in_force }: HoursOf): ShiftDraft[] {
  if (own.length || owner === 'company' || hours.shifts.length) return [...own];
  return in_force.map((shift) => ({ weekdays: [...shift.weekdays], ...shownSpan(shift) }));
}

/** On which days of the week a shift meets one above it. Unlike the server, which names the row alone. */
export function meetingDays(shifts: readonly ShiftDraft[], index: number): number[] {
  const shift = shifts[index];
  if (!shift || index === 0) return [];
  const above = weekOf(shifts.slice(0, index));
  return weekOf([shift]).flatMap((bars, day) => {
    const meets = bars.some((bar) => above[day]?.some((other) => bar.from < other.to && other.from < bar.to));
    return meets ? [day + 1] : [];
  });
}

/** The days to come that hold besides the own ones: on the same date the nearest does. `above`: the nearest first. */
export function daysAbove(
  own: readonly DayDraft[],
  above: readonly (readonly DayDraft[])[],
  today: string,
): DayDraft[] {
  const taken = new Set(own.map(({ date }) => date));
  const days = above.flatMap((all) =>
    all.filter(({ date }) => {
      const isNew = date >= today && !taken.has(date);
      taken.add(date);
      return isNew;
    }),
  );
  return days.sort((one, other) => one.date.localeCompare(other.date));
}

/** The fields without which a row says nothing, by the path under which the server would complain. */
export function emptyFields({ shifts, days }: HoursDraft): string[] {
  const inSpans = (spans: readonly SpanDraft[], path: string) =>
    spans.flatMap(({ start, end }, index) => [
      ...(start ? [] : [`${path}${index}.start`]),
      ...(end ? [] : [`${path}${index}.end`]),
    ]);
  return [
    ...inSpans(shifts, 'hours.shifts.'),
    ...days.flatMap(({ date, spans }, index) => [
      ...(date ? [] : [`hours.days.${index}.date`]),
      ...inSpans(spans, `hours.days.${index}.spans.`),
    ]),
  ];
}

/** What is told of the fields inside `path`, by their names there. */
export function faultsOf(faults: Readonly<Record<string, string>>, path: string): Record<string, string> {
  const inside = `${path}.`;
  return Object.fromEntries(
    Object.entries(faults).flatMap(([field, message]) =>
      field.startsWith(inside) ? [[field.slice(inside.length), message]] : [],
    ),
  );
}

/** The faults of one row: `hours.shifts.1.start` is row 1's `start`. */
export const faultsAt = (faults: Readonly<Record<string, string>>, path: string): Record<string, string> =>
  faultsOf(faults, `hours.${path}`);
