// Trades the visitor's key for a ticket. Runs in the host page (loader) or in our own page (pop-up), never in the frame.
import type { Store } from './store';

export interface Ticket {
  ticket: string;
  expires_in: number;
  known: boolean;
  /** Whether the site has signed the customer it named. */
  verified?: boolean;
}

/** A ticket, or the status of the refusal (0: the server could not be reached) and for how many seconds to wait. */
export type TicketAnswer = { ok: Ticket; status?: undefined } | { ok?: undefined; status: number; wait: number };

/** `customer`: who the site says is there and its signature, each percent-encoded, with a comma between; empty: nobody. */
export async function fetchTicket(
  get: typeof fetch,
  address: string,
  store: Store,
  customer = '',
): Promise<TicketAnswer> {
  const stored = store.get('');
  const key = stored?.replace(/[^\w-]/g, '');
  try {
    const response = await get(address, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      // By hand: some hosts give strings a toJSON of their own, and JSON.stringify would quote them twice.
      body: `{${key ? `"key":"${key}",` : ''}"customer":"${customer}"}`,
    });
    if (!response.ok) return { status: response.status, wait: +response.headers.get('retry-after')! };
    const { key: given, ...ok } = await response.json();
    // Two tabs opened at once and the other was first: one visitor, one key.
    if (store.get('') !== stored) return fetchTicket(get, address, store, customer);
    store.set('', given);
    return { ok };
  } catch {
    return { status: 0, wait: 0 };
  }
}
