// One ticket on screen: fetched, changed, and fetched again when it changes.
import { isApiError, type Ticket, type TicketForm } from '@balcao/api';
import { api } from '../../api';
import { tellFailure } from '../../shell/toasts';
import { live } from '../live/live.svelte';

export class OpenedTicket {
  ticket = $state.raw<Ticket | null>(null);
  status = $state<'loading' | 'ready' | 'missing' | 'failed'>('loading');
  isSaving = $state(false);
  #asked = 0;

  constructor(readonly id: string) {}

  /** While it is shown. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => void this.load()),
      live.whenFrame((frame) => {
        if (frame.t === 'event' && 'ticket' in frame.event && frame.event.ticket === this.id) void this.load();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const ticket = await api.ticket(this.id);
      if (asked !== this.#asked) return;
      this.ticket = ticket;
      this.status = 'ready';
    } catch (error) {
      if (asked !== this.#asked) return;
      const isGone = isApiError(error) && error.code === 'not_found';
      if (isGone) this.ticket = null;
      if (isGone || !this.ticket) this.status = isGone ? 'missing' : 'failed';
    }
  }

  /** Whether it is so now; what could not be changed is told. */
  async change(form: TicketForm): Promise<boolean> {
    this.isSaving = true;
    try {
      const ticket = await api.changeTicket(this.id, form);
      this.#asked += 1;
      this.ticket = ticket;
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }
}
