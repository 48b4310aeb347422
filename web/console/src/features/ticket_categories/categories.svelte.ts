// The categories of tickets, where tickets are shown.
import type { TicketCategory } from '@balcao/api';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { Counted } from '../../shell/counted.svelte';

export const ticketCategories = new Counted<readonly TicketCategory[]>(
  [],
  'ticket_categories_',
  async () => (await api.ticketCategories()).items,
);

export const categoryName = (id: string | null): string =>
  ticketCategories.now.find((category) => category.id === id)?.name ?? '';

/** What a category is called in a choice. */
export const choiceName = ({ name, is_active }: TicketCategory): string =>
  is_active ? name : t('console.categories.archivedName', { name });
