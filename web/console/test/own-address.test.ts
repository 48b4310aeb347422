// After logging in one comes back to one's own page, and to nobody else's.
import { expect, it } from 'vitest';
import { ownAddress } from '../src/features/access/own-address';

it('comes back to our own pages', () => {
  expect(ownAddress('/conversations/019a')).toBe('/conversations/019a');
  expect(ownAddress(`${location.origin}/settings/people`)).toBe('/settings/people');
});

it.each([null, '', '/', '//evil.example/login', '/\\evil.example', 'https://evil.example/', 'javascript:alert(1)'])(
  '%s is no address to come back to',
  (kept) => expect(ownAddress(kept)).toBeNull(),
);
