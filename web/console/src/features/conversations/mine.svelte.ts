// One's own open conversations, whichever list is shown: how many of them hold something unread (P-008).
import type { ConversationRow } from '@balcao/api';
import { withRows } from '@balcao/live';
import { api } from '../../api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

const MOST = 50;

class Mine {
  unread = $derived([...live.state.conversations.values()].filter((row) => isMine(row) && row.unread > 0).length);

  /** The socket keeps them true; what was there before it is fetched once. */
  start(): () => void {
    return live.whenSnapshot(() => void this.#fetch());
  }

  async #fetch(): Promise<void> {
    if (!session.may('conversations_reply')) return;
    const asked = live.state;
    try {
      const page = await api.conversations({ list: 'open', agent: 'me', limit: MOST });
      live.update((state) => withRows(state, page.items, asked));
    } catch {
      // The lists say when nothing comes; the next snapshot asks again.
    }
  }
}

export function isMine(row: ConversationRow): boolean {
  return row.state === 'open' && row.assignee_id === session.me.id;
}

export const mine = new Mine();
