// The list of tickets as it is filtered.
import type { TicketPage, TicketRow, TicketState } from '@balcao/api';
import { api } from '../../api';
import { PagedList } from '../../shell/paged.svelte';
import { session } from '../access/session.svelte';
import { ticketCounters } from './counters.svelte';

export type Whose = 'anybody' | 'mine' | 'nobody';

class TicketList extends PagedList<TicketRow, TicketPage> {
  /** Empty: whatever is left to do. */
  state = $state<TicketState | ''>('');
  department = $state('');
  whose = $state<Whose>('anybody');
  protected readonly concerns = /^ticket_/u;

  get isFiltered(): boolean {
    return Boolean(this.state || this.department || this.search.trim()) || this.whose !== 'anybody';
  }

  filter(change: { state?: TicketState | ''; department?: string; whose?: Whose }): void {
    Object.assign(this, change);
    void this.load();
  }

  clear(): void {
    this.search = '';
    this.filter({ state: '', department: '', whose: 'anybody' });
  }

  protected ask(before: string | null) {
    const { state, department, whose, search } = this;
    return api.tickets({
      state: state || null,
      department: department || null,
      assignee: whose === 'mine' ? session.me.id : null,
      unassigned: whose === 'nobody' || null,
      search: search.trim(),
      before,
    });
  }

  protected override keep({ counters }: TicketPage): void {
    ticketCounters.now = counters;
  }
}

export const ticketList = new TicketList();
