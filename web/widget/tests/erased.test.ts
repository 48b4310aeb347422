// who was here was erased. The server gives tickets for somebody else, and this browser forgets what it has kept.
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { Init } from '../src/panel/host';
import { Tickets } from '../src/panel/tickets';
import { app } from '../src/panel/ui/app';
import { initOf, panelWith, type World } from './screens';

/** As the server writes it, with a site's name for its customer that is not ASCII. */
function ticketOf(contact: string, rest: object = { customer: 'João~?>' }): string {
  const body = JSON.stringify({ workspace: 'w', connection: 'c', contact, key: 'k', expires_at: 1, ...rest });
  const bytes = String.fromCharCode(...new TextEncoder().encode(body));
  return btoa(bytes).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '') + '.sig-_';
}

const kept = {
  p: JSON.stringify({ name: 'Marina', email: 'marina@exemplo.com', consent: 'yes', muted: true }),
  d: JSON.stringify({ name: 'Marina', email: 'marina@exemplo.com', message: 'Ainda est' }),
  r: 'conversation:7',
  c: 'conversation',
  h: '1764000000000',
};
const unsent = '01938f00-0000-7000-8000-000000000001';

let world: World;
let reloaded: ReturnType<typeof vi.fn>;
let answered: { ticket: string; known: boolean };

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {});
  document.body.replaceChildren();
  reloaded = vi.fn();
  vi.spyOn(location, 'reload').mockImplementation(reloaded as () => void);
});

afterEach(() => vi.restoreAllMocks());

function open(items: Record<string, string>): Init {
  world = panelWith(items);
  const { host } = world.context;
  host.ticket = async () => ({ ok: { expires_in: 600, ...answered } });
  const init = { ...initOf(world), known: true };
  app(world.context, init);
  return init;
}

const turned = () => vi.waitFor(() => expect(reloaded).toHaveBeenCalled());
const settled = () => vi.waitFor(() => expect(world.context.client.tickets.whose).toBe('b'));

test('a ticket says whom it is of; one that cannot be read says nothing', async () => {
  const met: unknown[] = [];
  const all = [ticketOf('a'), ticketOf('a', {}), 'unreadable', 'T', ticketOf('b')];
  const tickets = new Tickets(async () => ({ ok: { ticket: all.shift()!, expires_in: 600, known: true } }));
  tickets.onTurn = async (...who) => void met.push(who);
  while (all.length) {
    tickets.spoil();
    await tickets.get();
  }
  expect(met).toEqual([
    ['a', undefined],
    ['b', 'a'],
  ]);
});

test('for somebody else nothing is kept but what is being written, and the panel begins anew', async () => {
  answered = { ticket: ticketOf('b'), known: false };
  open({ ...kept, w: 'a' });
  await turned();
  const { items } = world;
  expect(items).toEqual({ w: 'b', p: '{"muted":true}', d: '{"message":"Ainda est"}' });
  // Nothing is kept of them on the way out either.
  world.context.prefs.remember({ name: 'Marina' });
  expect(items.p).toBe('{"muted":true}');
});

test('it is the same where somebody else has written in this browser already', async () => {
  answered = { ticket: ticketOf('b'), known: true };
  open({ ...kept, w: 'a' });
  await turned();
  expect(world.items.p).toBe('{"muted":true}');
});

test('a message that was not sent stays, and says nothing any more of who wrote it', async () => {
  answered = { ticket: ticketOf('b'), known: false };
  const item = {
    id: unsent,
    text: 'Vocês abrem?',
    at: '2026-11-30T12:00:00Z',
    form: { name: 'Marina', consent: 'yes' },
  };
  open({ ...kept, w: 'a', ['m:' + unsent]: JSON.stringify(item) });
  // What waits is sent as soon as there is a line: the first ticket was asked for before this test could say whose it is.
  world.context.client.tickets.spoil();
  await world.context.client.tickets.get();
  await turned();
  const left = JSON.parse(world.items['m:' + unsent]!);
  expect(left).toMatchObject({ id: unsent, text: 'Vocês abrem?', form: {} });
  expect(JSON.stringify(world.items)).not.toContain('Marina');
});

test('a browser that has not kept who it was has read something and is not known: it was erased', async () => {
  answered = { ticket: ticketOf('b'), known: false };
  open({ ...kept });
  await turned();
  expect(world.items).toEqual({ w: 'b', p: '{"muted":true}', d: '{"message":"Ainda est"}' });
});

test('who is known, the same as before or new here is left alone', async () => {
  for (const items of [{ ...kept, w: 'b' }, { ...kept }, { p: kept.p }, {}] as Record<string, string>[]) {
    answered = { ticket: ticketOf('b'), known: !!items.r };
    document.body.replaceChildren();
    open({ ...items });
    await settled();
    await vi.waitFor(() => expect(world.items).toEqual({ ...items, w: 'b' }));
  }
  expect(reloaded).not.toHaveBeenCalled();
});

test('a fresh ticket after the socket was closed is looked at too', async () => {
  answered = { ticket: ticketOf('b'), known: true };
  open({ ...kept, w: 'b' });
  await settled();
  answered = { ticket: ticketOf('c'), known: false };
  world.context.client.tickets.spoil();
  await world.context.client.tickets.get();
  expect(reloaded).toHaveBeenCalledOnce();
  expect(world.items.w).toBe('c');
});

test('another tab has found out: this one begins anew without a word to the server', async () => {
  answered = { ticket: ticketOf('b'), known: true };
  open({ ...kept, w: 'b' });
  await settled();
  world.context.host.onItem('w', 'b');
  expect(reloaded).not.toHaveBeenCalled();
  world.context.host.onItem('w', 'c');
  expect(reloaded).toHaveBeenCalledOnce();
});
