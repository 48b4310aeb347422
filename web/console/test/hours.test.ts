// Hours: what a form sends, how a week looks, where a fault stands (T-108 to T-111).
import { describe, expect, it } from 'vitest';
import { faultsAt, faultsOf, nextShift, shiftsInForce, toDraft, toHours, weekOf } from '../src/features/shifts/hours';

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

  it('is the company’s where nobody says otherwise', () => {
    const company = {
      owner: 'company' as const,
      id: 'w',
      hours: { time_zone: null, shifts: [shift([1], '08:00', '24:00')], days: [] },
      version: 1,
      is_open: true,
      until: null,
    };
    expect(shiftsInForce([], company)).toEqual([shift([1], '08:00', '00:00')]);
    expect(shiftsInForce([shift([2], '09:00', '10:00')], company)).toEqual([shift([2], '09:00', '10:00')]);
    expect(shiftsInForce([], undefined)).toEqual([]);
  });
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
