// How many offline messages want to be looked at.
import type { OfflineCounters } from '@balcao/api';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { Counted } from '../../shell/counted.svelte';

export const offlineCounters = new Counted<OfflineCounters>({ new: 0, failed: 0 }, 'offline_message_', () =>
  api.offlineCounters(),
);

export const offlineWords = ({ new: count, failed }: OfflineCounters): string =>
  [count && t('console.offline.countNew', { count }), failed && t('console.offline.countFailed', { count: failed })]
    .filter(Boolean)
    .join(', ');
