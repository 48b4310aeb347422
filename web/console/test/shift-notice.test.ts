// What somebody is told when the clock has changed their status (T-113, T-115).
import type { Me } from '@balcao/api';
import { expect, it } from 'vitest';
import { shiftNotice } from '../src/features/shifts/notice';

const me = (status: Me['status'], held_status: Me['status'] | null, until: string | null = null) =>
  ({ status, shift: { is_open: held_status === null, until, extended_until: null, held_status } }) as Me;

it('the end of a shift is told once, with when the next one begins', () => {
  expect(shiftNotice(me('online', null), 'offline', me('offline', 'online'))).toBe('console.shift.ended');
  const until = new Date(Date.now() + 40 * 86_400_000).toISOString();
  expect(shiftNotice(me('away', null), 'offline', me('offline', 'away', until))).toBe('console.shift.endedUntil');
});

it('its beginning is told where the clock gives the status back', () => {
  expect(shiftNotice(me('offline', 'online'), 'online', me('online', null))).toBe('console.shift.begun');
});

it('what somebody does by hand, here or in another tab, is not told', () => {
  expect(shiftNotice(me('online', null), 'offline', me('offline', null))).toBeNull();
  expect(shiftNotice(me('offline', null), 'online', me('online', null))).toBeNull();
  expect(shiftNotice(me('offline', 'online'), 'offline', me('offline', 'online'))).toBeNull();
});

it('who is let stay longer is told, whatever the status', () => {
  const before = me('online', null);
  const extended_until = new Date(Date.now() + 3_600_000).toISOString();
  const after = { ...before, shift: { ...before.shift, extended_until } };
  expect(shiftNotice(before, 'online', after)).toBe('console.shift.extendedForYou');
  expect(shiftNotice(after, 'online', after)).toBeNull();
});
