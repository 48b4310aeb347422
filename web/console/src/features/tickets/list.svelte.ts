// The list of tickets as it is filtered.
import type { TicketPage, TicketRow, TicketState } from '@balcao/api';
import { api } from '../../api';
import { PagedList } from '../../shell/paged.svelte';
import { session } from '../access/session.svelte';
import { ticketCounters } from './counters.svelte';

export const UNCATEGORIZED = 'none';
export type Whose = 'anybody' | 'mine' | 'nobody';

class TicketList extends PagedList<TicketRow, TicketPage> {
  /** Empty: whatever is left to do. */
  state = $state<TicketState | ''>('');
  department = $state('');
  whose = $state<Whose>('anybody');
  /** A category's id, or those without one. Empty: all. */
  category = $state('');
  protected readonly concerns = /^ticket_/u;

  get isFiltered(): boolean {
    return Boolean(this.state || this.department || this.category || this.search.trim()) || this.whose !== 'anybody';
  }

  filter(change: { state?: TicketState | ''; department?: string; whose?: Whose; category?: string }): void {
    Object.assign(this, change);
    void this.load();
  }

  clear(): void {
    this.search = '';
    this.filter({ state: '', department: '', whose: 'anybody', category: '' });
  }

  protected ask(before: string | null) {
    const { state, department, whose, category, search } = this;
    return api.tickets({
      state: state || null,
      department: department || null,
      assignee: whose === 'mine' ? session.me.id : null,
      unassigned: whose === 'nobody' || null,
      category: category === UNCATEGORIZED ? null : category || null,
      uncategorized: category === UNCATEGORIZED || null,
      search: search.trim(),
      before,
    });
  }

  protected override keep({ counters }: TicketPage): void {
    ticketCounters.now = counters;
  }
}

export const ticketList = new TicketList();
