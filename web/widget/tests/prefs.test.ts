// D-028, D-070: what was given once is not asked again; what the site says is only a hint.
import { expect, test } from 'vitest';
import type { Host, Init } from '../src/panel/host';
import { Prefs } from '../src/panel/prefs';
import type { PanelConfig } from '../src/shared/config';

const stored = new Map<string, string>();
const host = { put: async (k: string, v: string) => void stored.set(k, v) } as unknown as Host;
const config = (change = {}) =>
  ({
    settings: { ask_name: true, ask_email: true, ...change },
    departments: [],
    texts: { 'form.department': 'Com quem?' },
  }) as unknown as PanelConfig;
const prefs = (change: object, items: Record<string, string> = {}, contact = {}) => {
  const made = new Prefs(config(change), host);
  made.load({ items, contact } as Init);
  return made;
};

test('asks what the settings say, and nothing of a visitor the server knows', () => {
  expect(prefs({}).missing(false)).toEqual(['name', 'email']);
  expect(prefs({ ask_name: false }).missing(false)).toEqual(['email']);
  expect(prefs({}).missing(true)).toEqual([]);
});

test('what was accepted is remembered, on the next page too', () => {
  prefs({}).remember({ name: ' Marina ', email: 'm@b.co', department: 'd1' });
  const next = prefs({}, { p: stored.get('p')! });
  expect(next.missing(false)).toEqual([]);
  expect(next.form({ department: 'd1' })).toEqual({ name: 'Marina', email: 'm@b.co', department: 'd1' });
});

test('the site’s hint fills in, is not stored, and does not go before the visitor’s own words', () => {
  const hinted = prefs({}, { p: '{"name":"Marina"}' }, { name: 'Outra', email: 'x@y.co', admin: true });
  expect(hinted.form()).toEqual({ name: 'Marina', email: 'x@y.co' });
  hinted.remember({ name: 'Marina', email: 'x@y.co' });
  hinted.mute(true);
  expect(JSON.parse(stored.get('p')!)).toEqual({ name: 'Marina', muted: true });
});

test('a department is always asked where the visitor chooses', () => {
  const made = new Prefs({ ...config(), departments: [{ id: 'd', name: 'D', online: true }] }, host);
  expect(made.missing(true)).toEqual(['department']);
});

test('broken storage is as good as none', () => {
  expect(prefs({}, { p: '{"name":' }).missing(false)).toEqual(['name', 'email']);
});
