// One's own conversations with something unread are counted from the start, whichever list is shown.
import type { ConversationPage } from '@balcao/api';
import { expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { mine } from '../src/features/conversations/mine.svelte';
import { live } from '../src/features/live/live.svelte';
import { conversation, me } from './people';

it('counts what was mine and unread before the console was opened, and nobody else’s', async () => {
  session.keep(me({ permissions: ['conversations_reply'] }));
  const items = [
    conversation('given', { unread: 2 }),
    conversation('read', { unread: 0 }),
    conversation('bruno', { unread: 3, assignee_id: 'bruno' }),
    conversation('closed', { unread: 1, state: 'closed' }),
  ];
  vi.spyOn(live, 'loadPeople').mockResolvedValue();
  const asked = vi.spyOn(api, 'conversations').mockResolvedValue({ items, next: null } as unknown as ConversationPage);
  const stop = mine.start();
  live.refresh();
  await vi.waitFor(() => expect(mine.unread).toBe(1));
  expect(asked).toHaveBeenCalledWith(expect.objectContaining({ list: 'open', agent: 'me' }));
  stop();
});
