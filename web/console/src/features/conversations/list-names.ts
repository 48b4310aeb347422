// What the lists are called.
import type { ConversationList } from '@balcao/api';
import { t } from '../../i18n/i18n.svelte';

export function listNames(): Record<ConversationList, string> {
  return { queue: t('console.list.queue'), open: t('console.list.open'), closed: t('console.list.closed') };
}
