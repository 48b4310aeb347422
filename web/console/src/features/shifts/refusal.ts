// Why somebody may not go online.
import { isApiError } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { tellFailure, toasts } from '../../shell/toasts';

/** Outside of the hours it is said when they begin. */
export function tellRefusal(error: unknown): void {
  const begins = isApiError(error) && error.code === 'outside_shift' ? error.detail.begins_at : null;
  if (typeof begins === 'string') toasts.fail(t('console.shift.outside', { when: format.ahead(begins) }));
  else tellFailure(error);
}
