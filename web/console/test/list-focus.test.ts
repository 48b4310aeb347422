// Where the focus comes back to in the list.
import type { ConversationPage, ConversationRow, Me } from '@balcao/api';
import { withRows } from '@balcao/live';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { placeOf } from '../src/features/conversations/list-focus';
import { lists } from '../src/features/conversations/lists.svelte';
import ListPane from '../src/features/conversations/ListPane.svelte';
import { live } from '../src/features/live/live.svelte';
import { conversation, me } from './people';

const waiting = (id: string, minute: number): ConversationRow =>
  conversation(id, { state: 'queue', assignee_id: null, queued_at: `2026-11-20T12:0${minute}:00Z` });
const taken = (id: string): void =>
  live.update((state) =>
    withRows(state, [conversation(id, { state: 'open', assignee_id: 'bruno', last_position: 2 })]),
  );
const focused = (): string | null | undefined => document.activeElement?.getAttribute('href');

beforeEach(async () => {
  session.keep(me({ role: 'agent' }) as Me);
  const items = [waiting('a', 1), waiting('b', 2), waiting('c', 3)];
  const page = { items, next: null, counters: { queue: 3, open: 0, mine: 0 } };
  vi.spyOn(api, 'conversations').mockResolvedValue(page as unknown as ConversationPage);
  live.people = 'ready';
  live.state = { ...live.state, conversations: new Map() };
  lists.reload();
  render(ListPane, { selected: null });
  await vi.waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(3));
});

it('stays at a row that is still there', () => {
  placeOf('b')();
  expect(focused()).toBe('/conversations/b');
});

it('goes on to the next row where somebody else has taken it, and to the one before where it was the last', async () => {
  for (const [gone, expected] of [
    ['b', 'c'],
    ['c', 'a'],
  ] as const) {
    const toPlace = placeOf(gone);
    taken(gone);
    await tick();
    toPlace();
    expect(focused()).toBe(`/conversations/${expected}`);
  }
});

it('goes to the tab where nobody waits any more', async () => {
  const toPlace = placeOf('a');
  for (const id of ['a', 'b', 'c']) taken(id);
  await tick();
  toPlace();
  expect(document.activeElement?.getAttribute('role')).toBe('tab');
});
