// The key for a ticket: one visitor even when two tabs ask at once, and only where the answer says so.
import { beforeEach, expect, test, vi } from 'vitest';
import { createStore } from '../src/shared/store';
import { fetchTicket } from '../src/shared/ticket';

const given = (key: string, known = false) =>
  ({ ok: true, json: async () => ({ ticket: 'T-' + key, expires_in: 600, key, known }) }) as Response;
const bodies = (get: ReturnType<typeof vi.fn>) => get.mock.calls.map(([, init]) => JSON.parse(init.body));

beforeEach(() => localStorage.clear());

test('the first ticket brings a key, later ones use it', async () => {
  const store = createStore('balcao:x', false);
  const get = vi.fn(async () => given('K1'));
  const answer = await fetchTicket(get, '/t', store);
  expect(answer).toEqual({ ok: { ticket: 'T-K1', expires_in: 600, known: false } });
  expect(localStorage.getItem('balcao:x')).toBe('K1');
  await fetchTicket(get, '/t', store);
  expect(bodies(get)).toEqual([{ customer: '' }, { key: 'K1', customer: '' }]);
});

test('two tabs that open at once end with one key', async () => {
  const store = createStore('balcao:x', false);
  const get = vi
    .fn()
    .mockImplementationOnce(async () => {
      localStorage.setItem('balcao:x', 'OTHER');
      return given('MINE');
    })
    .mockImplementationOnce(async () => given('OTHER'));
  expect(await fetchTicket(get, '/t', store)).toMatchObject({ ok: { ticket: 'T-OTHER' } });
  expect(localStorage.getItem('balcao:x')).toBe('OTHER');
});

test('a refusal keeps the key and names its status; no network is status 0', async () => {
  localStorage.setItem('balcao:x', 'K');
  const store = createStore('balcao:x', false);
  const refused = { ok: false, status: 429, headers: new Headers({ 'retry-after': '7' }) } as Response;
  expect(await fetchTicket(async () => refused, '/t', store)).toEqual({ status: 429, wait: 7 });
  const down = async () => {
    throw new TypeError('network');
  };
  expect(await fetchTicket(down, '/t', store)).toEqual({ status: 0, wait: 0 });
  expect(localStorage.getItem('balcao:x')).toBe('K');
});

test('the panel is never shown the key', () => {
  localStorage.setItem('balcao:x', 'SECRET');
  localStorage.setItem('balcao:x:p', '{}');
  localStorage.setItem('balcao:y:p', '{"name":"other"}');
  expect(createStore('balcao:x', false).items()).toEqual({ p: '{}' });
});
