// The list of offline messages as it is filtered.
import type { OfflineMessagePage, OfflineMessageRow, OfflineState } from '@balcao/api';
import { api } from '../../api';
import { PagedList } from '../../shell/paged.svelte';
import { offlineCounters } from './counters.svelte';

class OfflineList extends PagedList<OfflineMessageRow, OfflineMessagePage> {
  /** Replies can be sent. */
  canReply = $state(true);
  state = $state<OfflineState | ''>('');
  department = $state('');
  protected readonly concerns = /^(offline_message_|mail_)/u;

  get isFiltered(): boolean {
    return Boolean(this.state || this.department || this.search.trim());
  }

  filter(change: { state?: OfflineState | ''; department?: string }): void {
    Object.assign(this, change);
    void this.load();
  }

  clear(): void {
    this.search = '';
    this.filter({ state: '', department: '' });
  }

  protected ask(before: string | null) {
    const { state, department, search } = this;
    return api.offlineMessages({
      state: state || null,
      department: department || null,
      search: search.trim(),
      before,
    });
  }

  protected override keep({ can_reply, counters }: OfflineMessagePage): void {
    this.canReply = can_reply;
    offlineCounters.now = counters;
  }
}

export const offlineList = new OfflineList();
