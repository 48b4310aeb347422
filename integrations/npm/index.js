// @ts-check
// Brings the loader from the company's own Balcão and waits for it. What the chat does is the loader's alone, so that
// applications that were built years ago carry the chat as it is today.

/** @typedef {import('./index.js').Chat} Chat */
/** @typedef {import('./index.js').Options} Options */
/** @typedef {Partial<Pick<Chat, 'open' | 'close' | 'toggle' | 'identify' | 'unload'>>} PageApi */
/** @typedef {{ id: string, address: string, arrival: Promise<void>, holders: number }} Loaded */

const CODE = /^[\da-f]{8}(-[\da-f]{4}){3}-[\da-f]{12}$/;
const PATIENCE = 20_000;

export class ChatError extends Error {
  /** @param {import('./index.js').Reason} reason @param {string} text */
  constructor(reason, text) {
    super(`[balcao] ${text}`);
    this.name = 'ChatError';
    this.reason = reason;
  }
}

/** The one that is there or on its way: a page has one. @type {Loaded | null} */
let current = null;

/** @returns {PageApi} */
const page = () => /** @type {{ balcao?: PageApi }} */ (window).balcao ?? {};
const isThere = () => typeof page().open === 'function';
/** @param {string} address */
const scriptOf = (address) =>
  /** @type {HTMLScriptElement | null} */ (document.querySelector(`script[src="${address}"]`));

/** @param {Options} options @returns {Promise<Chat>} */
export async function load(options) {
  if (typeof window === 'undefined' || typeof document === 'undefined') return absent(options.id);
  const address = addressOf(options);
  if (!current && isThere() && !scriptOf(address)) throw new ChatError('other', 'another chat is on this page');
  const loaded = (current ??= { id: options.id, address, arrival: bring(options, address), holders: 0 });
  if (loaded.address !== address) throw new ChatError('other', `${loaded.id} is on this page: unload it first`);
  // From now on, so that who has unloaded it in between leaves it to who waits for it.
  loaded.holders++;
  try {
    await loaded.arrival;
  } catch (fault) {
    // May be tried again.
    forget(loaded);
    throw fault;
  }
  return present(loaded);
}

/** @param {Options} options @param {string} address @returns {Promise<void>} */
function bring({ base: _, id, nonce, patience = PATIENCE, ...payload }, address) {
  return new Promise((arrived, failed) => {
    const late = setTimeout(() => failed(new ChatError('late', `${address} did not come in time`)), patience);
    const look = () => {
      clearTimeout(late);
      if (isThere()) arrived();
      else failed(new ChatError('refused', `this code has no chat for ${location.origin}`));
    };
    // Put there by hand, or by another copy of this package: it is waited for, not doubled.
    const found = scriptOf(address);
    if (found && isThere()) return look();
    const script = found ?? document.createElement('script');
    script.addEventListener('error', () => {
      clearTimeout(late);
      failed(new ChatError('blocked', `${address} could not be fetched`));
    });
    script.addEventListener('load', () => {
      // A loader that came before the page's body waits for it; it has asked for the event before we do.
      if (document.body) look();
      else document.addEventListener('DOMContentLoaded', look);
    });
    if (found) return;
    Object.assign(window, { balcao: { id, payload } });
    script.async = true;
    if (nonce) script.nonce = nonce;
    script.src = address;
    (document.body ?? document.head).append(script);
  });
}

/** @param {Loaded} loaded */
function forget(loaded) {
  if (current !== loaded) return;
  scriptOf(loaded.address)?.remove();
  Object.assign(window, { balcao: undefined });
  current = null;
}

/** @param {Loaded} loaded @returns {Chat} */
function present(loaded) {
  /** Each who loads it has one of their own, and may give it back. */
  let isOver = false;
  /** @type {(() => void)[]} */
  const stops = [];
  /** @param {(api: PageApi) => void} run */
  const steer = (run) => {
    if (!isOver && current === loaded) run(page());
  };
  return {
    id: loaded.id,
    open: () => steer((api) => api.open?.()),
    close: () => steer((api) => api.close?.()),
    toggle: () => steer((api) => api.toggle?.()),
    identify: (contact) => steer((api) => api.identify?.(contact)),
    on(what, run) {
      const name = `balcao:${what}`;
      /** @param {Event} event */
      const hear = (event) => {
        if (/** @type {CustomEvent<{ code?: string }>} */ (event).detail?.code === loaded.id) run();
      };
      if (!isOver) window.addEventListener(name, hear);
      const stop = () => window.removeEventListener(name, hear);
      stops.push(stop);
      return stop;
    },
    unload() {
      if (isOver) return;
      isOver = true;
      for (const stop of stops) stop();
      if (--loaded.holders || current !== loaded) return;
      page().unload?.();
      forget(loaded);
    },
  };
}

/** @param {string} id @returns {Chat} */
function absent(id) {
  const nothing = () => {};
  return { id, open: nothing, close: nothing, toggle: nothing, identify: nothing, on: () => nothing, unload: nothing };
}

/** @param {Options} options */
function addressOf({ base, id }) {
  if (!CODE.test(`${id}`)) throw new ChatError('options', 'id is not the code of a connection');
  /** @type {URL} */
  let url;
  try {
    url = new URL(base);
  } catch {
    throw new ChatError('options', 'base is no address');
  }
  if (!/^https?:$/.test(url.protocol)) throw new ChatError('options', 'base is no http(s) address');
  return `${url.origin}/widgets/${id}.js`;
}
