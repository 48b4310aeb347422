// The focus in the list: it stays with a row that was only gone for a moment, and at the place of one that others took.
import type { ConversationPage, ConversationRow, Me } from '@balcao/api';
import { withRows } from '@balcao/live';
import { render, screen } from '@testing-library/svelte';
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { lists } from '../src/features/conversations/lists.svelte';
import ListPane from '../src/features/conversations/ListPane.svelte';
import { opened } from '../src/features/conversations/opened.svelte';
import { live } from '../src/features/live/live.svelte';
import { conversation } from './people';

const waiting = (id: string, minute: number): ConversationRow =>
  conversation(id, { state: 'queue', assignee_id: null, queued_at: `2026-11-20T12:0${minute}:00Z` });
const focused = (): string | null | undefined => document.activeElement?.getAttribute('href');
const settle = () => new Promise((resolve) => setTimeout(resolve, 30));

beforeEach(async () => {
  const me = { id: 'ana', role: 'agent', status: 'online', theme: 'system', workspace: { time_zone: 'UTC' } };
  session.keep({ ...me, permissions: [], departments: [] } as unknown as Me);
  const items = [waiting('a', 1), waiting('b', 2), waiting('c', 3)];
  const page = { items, next: null, counters: { queue: 3, open: 0, mine: 0 } };
  vi.spyOn(api, 'conversations').mockResolvedValue(page as unknown as ConversationPage);
  live.people = 'ready';
  live.state = { ...live.state, conversations: new Map() };
  opened.isActing = false;
  lists.reload();
  render(ListPane, { selected: null });
  await vi.waitFor(() => expect(screen.getAllByRole('listitem')).toHaveLength(3));
  await settle();
  screen.getAllByRole('listitem')[1]?.querySelector('a')?.focus();
});

it('stays at the place of a row that somebody else has taken', async () => {
  expect(focused()).toBe('/conversations/b');
  const taken = conversation('b', { state: 'open', assignee_id: 'bruno', last_position: 2 });
  live.update((state) => withRows(state, [taken]));
  await vi.waitFor(() => expect(focused()).toBe('/conversations/c'));
});

it('comes back to the row whose taking was refused', async () => {
  opened.isActing = true;
  const takeBack = live.patchRow('b', { state: 'open', assignee_id: 'ana' });
  await settle();
  expect(document.activeElement).toBe(document.body);
  takeBack();
  opened.isActing = false;
  await vi.waitFor(() => expect(focused()).toBe('/conversations/b'));
});
