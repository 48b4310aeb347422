// The one client of the REST interface, speaking the language that is shown.
import { createApi } from '@balcao/api';
import { i18n } from './i18n/i18n.svelte';

let ended: () => void = () => undefined;

/** Whoever holds the session hears here that it has ended. */
export function whenSessionEnds(listener: () => void): void {
  ended = listener;
}

export const api = createApi({
  fetch: (input, init) => fetch(input, init),
  language: () => i18n.language,
  onUnauthenticated: () => ended(),
});
