// What the person may reply with: asked for when the first reply is called, and again when the company has changed something.
import type { QuickReply, UsableQuickReplies } from '@balcao/api';
import { api } from '../../api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

class QuickReplies {
  #found = $state.raw<UsableQuickReplies | null>(null);
  state = $state<'unasked' | 'loading' | 'ready' | 'failed'>('unasked');
  #asked = 0;
  #isFollowing = false;

  get all(): readonly QuickReply[] {
    return this.#found?.items ?? [];
  }
  get greetings(): UsableQuickReplies['greetings'] | null {
    return this.#found?.greetings ?? null;
  }

  /** Once; what was asked for in vain is asked for again. */
  need(): void {
    if (!this.#isFollowing) this.#follow();
    if (this.state === 'unasked' || this.state === 'failed') void this.load();
  }

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    if (!this.#found) this.state = 'loading';
    try {
      const found = await api.usableQuickReplies();
      if (asked !== this.#asked) return;
      this.#found = found;
      this.state = 'ready';
    } catch {
      if (asked === this.#asked) this.state = this.#found ? 'ready' : 'failed';
    }
  }

  #follow(): void {
    this.#isFollowing = true;
    live.whenSnapshot(() => void this.load());
    live.whenFrame((frame) => {
      if (frame.t !== 'event') return;
      const { event } = frame;
      // Other departments are other replies; another language greets otherwise.
      const isOwn = event.kind === 'agent_changed' && event.agent.id === session.me.id;
      if (event.kind === 'quick_replies_changed' || event.kind === 'workspace_changed' || isOwn) void this.load();
    });
  }
}

export const quickReplies = new QuickReplies();
