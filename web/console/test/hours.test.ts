// Hours: what a form sends, how a week looks, where a fault stands (T-108 to T-111).
import { describe, expect, it } from 'vitest';
import {
  daysAbove,
  emptyFields,
  faultsAt,
  faultsOf,
  meetingDays,
  nextShift,
  shiftsInForce,
  toDraft,
  toHours,
  weekOf,
} from '../src/features/shifts/hours';

const shift = (weekdays: number[], start: string, end: string) => ({ weekdays, start, end });

describe('a form', () => {
  it('shows the end of the day as midnight, and sends it as the end of the day', () => {
    const hours = {
      time_zone: null,
      shifts: [shift([6, 7], '00:00', '24:00')],
      days: [{ date: '2026-12-24', name: 'Véspera', spans: [{ start: '18:00', end: '24:00' }] }],
    };
    const draft = toDraft(hours);
    expect(draft.shifts[0]).toEqual(shift([6, 7], '00:00', '00:00'));
    expect(draft.days[0]?.spans).toEqual([{ start: '18:00', end: '00:00' }]);
    expect(toHours(draft)).toEqual(hours);
  });

  it('sends days in their order and no zone where none was chosen', () => {
    const draft = { time_zone: '', shifts: [shift([5, 1, 3], '08:00', '12:00')], days: [] };
    expect(toHours(draft)).toEqual({ time_zone: null, shifts: [shift([1, 3, 5], '08:00', '12:00')], days: [] });
  });

  it('begins as an office’s week and goes on with the first day that is free', () => {
    expect(nextShift([])).toEqual(shift([1, 2, 3, 4, 5], '08:00', '18:00'));
    expect(nextShift([nextShift([])]).weekdays).toEqual([6]);
    expect(nextShift([shift([1, 2, 3, 4, 5, 6, 7], '08:00', '18:00')]).weekdays).toEqual([]);
  });
});

describe('a week', () => {
  it('is open as a whole without any shift', () => {
    expect(weekOf([])).toEqual(Array.from({ length: 7 }, () => [{ from: 0, to: 1 }]));
  });

  it('goes on after midnight on the next day, from Sunday to Monday too', () => {
    const week = weekOf([shift([5, 7], '18:00', '06:00')]);
    expect(week[4]).toEqual([{ from: 0.75, to: 1 }]);
    expect(week[5]).toEqual([{ from: 0, to: 0.25 }]);
    expect(week[0]).toEqual([{ from: 0, to: 0.25 }]);
    expect(week[1]).toEqual([]);
  });

  it('ends with the day where a shift ends at midnight, and leaves out what is not filled in yet', () => {
    expect(weekOf([shift([1], '12:00', '00:00')])[0]).toEqual([{ from: 0.5, to: 1 }]);
    expect(weekOf([shift([1], '00:00', '00:00')])[0]).toEqual([{ from: 0, to: 1 }]);
    expect(weekOf([shift([1], '', '12:00')])[0]).toEqual([]);
  });

  it('is what holds above where nobody says otherwise', () => {
    const shown = {
      owner: 'department' as const,
      id: 'd',
      hours: { time_zone: null, shifts: [], days: [] },
      version: 0,
      is_open: true,
      until: null,
      day: null,
      in_force: [shift([1], '08:00', '24:00')],
    };
    expect(shiftsInForce([], shown)).toEqual([shift([1], '08:00', '00:00')]);
    expect(shiftsInForce([shift([2], '09:00', '10:00')], shown)).toEqual([shift([2], '09:00', '10:00')]);
    expect(shiftsInForce([], { ...shown, owner: 'company' })).toEqual([]);
  });

  it('may have two shifts that begin at once, while somebody is still writing', () => {
    expect(weekOf([shift([1], '08:00', '12:00'), shift([1], '08:00', '10:00')])[0]).toHaveLength(2);
  });
});

it('what is not filled in is told before it is sent', () => {
  const draft = {
    time_zone: '',
    shifts: [shift([1], '08:00', ''), shift([2], '08:00', '12:00')],
    days: [{ date: '', name: 'Natal', spans: [{ start: '', end: '12:00' }] }],
  };
  expect(emptyFields(draft)).toEqual(['hours.shifts.0.end', 'hours.days.0.date', 'hours.days.0.spans.0.start']);
});

it('a fault stands at its row’s field', () => {
  const faults = {
    'hours.shifts.1.start': 'Coincide.',
    'hours.shifts.10.end': 'Vazio.',
    'hours.days.1.spans.0.end': 'x',
  };
  expect(faultsAt(faults, 'shifts.1')).toEqual({ start: 'Coincide.' });
  expect(faultsOf(faultsAt(faults, 'days.1'), 'spans.0')).toEqual({ end: 'x' });
});

it('says on which days a shift meets those above it, also after midnight', () => {
  const shifts = [shift([1, 2, 5], '08:00', '12:00'), shift([4], '20:00', '09:00'), shift([1, 3, 5], '11:00', '13:00')];
  expect(meetingDays(shifts, 0)).toEqual([]);
  expect(meetingDays(shifts, 1)).toEqual([5]);
  expect(meetingDays(shifts, 2)).toEqual([1, 5]);
});

it('of the days above, those to come count; on one date the nearest', () => {
  const day = (date: string, name: string) => ({ date, name, spans: [] });
  const own = [day('2026-12-25', 'Natal com plantão')];
  const department = [day('2026-12-24', 'Véspera'), day('2026-11-02', 'Finados')];
  const company = [day('2026-12-24', 'Fechado'), day('2026-12-25', 'Natal'), day('2027-01-01', 'Ano Novo')];
  const names = daysAbove(own, [department, company], '2026-11-30').map(({ name }) => name);
  expect(names).toEqual(['Véspera', 'Ano Novo']);
});
