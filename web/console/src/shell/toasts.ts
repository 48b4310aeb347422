// The console's toasts, and how a failed request is told.
import { isApiError } from '@balcao/api';
import { Toasts } from '@balcao/ui';
import { t } from '../i18n/i18n.svelte';

export const toasts = new Toasts();

/** The server's own sentence where there is one; else what can be said about it here. */
export function failureText(error: unknown): string {
  if (isApiError(error)) {
    if (error.code === 'network') return t('console.error.network');
    // What is wrong with a field says more than that some field is wrong; where there is no field on screen it is all there is.
    const [fault] = error.fields;
    if (fault) return fault.message;
    if (error.message) return error.message;
    if (error.code === 'unavailable') return t('console.error.unavailable');
  }
  return t('console.error.unexpected');
}

export function tellFailure(error: unknown): void {
  toasts.fail(failureText(error));
}
