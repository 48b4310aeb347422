// How many tickets want something.
import type { TicketCounters } from '@balcao/api';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { Counted } from '../../shell/counted.svelte';

export const ticketCounters = new Counted<TicketCounters>({ new: 0, mine: 0 }, 'ticket_', () => api.ticketCounters());

export const ticketWords = ({ new: count, mine }: TicketCounters): string =>
  [count && t('console.tickets.countNew', { count }), mine && t('console.tickets.countMine', { count: mine })]
    .filter(Boolean)
    .join(', ');
