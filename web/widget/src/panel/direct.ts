// The panel on a page of its own, as pop-up chat: it keeps the key and all storage itself.
import type { Deed } from '../shared/bridge';
import type { PanelConfig } from '../shared/config';
import { gtag, report } from '../shared/google';
import { createStore, type Store } from '../shared/store';
import { fetchTicket, type TicketAnswer } from '../shared/ticket';
import type { Host, Init } from './host';

export class DirectHost implements Host {
  readonly isFramed = false;
  page: Host['page'];
  onItem: Host['onItem'] = () => {};
  onShown: Host['onShown'] = () => {};
  onPage: Host['onPage'] = () => {};
  private readonly store: Store;
  /** What the link to it says (T-025, T-029). */
  private readonly asked: Record<string, string> = Object.fromEntries(new URLSearchParams(location.search));

  constructor(private readonly config: PanelConfig) {
    if (config.tag) load(config.tag);
    this.store = createStore('balcao:' + config.code, !config.settings.capture_visitor_data);
    window.addEventListener('storage', (event) => {
      const k = this.store.short(event.key);
      if (k !== null) this.onItem(k, event.newValue);
    });
  }

  init(): Promise<Init> {
    const items = this.store.items();
    const known = this.store.get('') !== null;
    const { name = '', email = '', phone = '', customer_id: id = '', ...rest } = this.asked;
    const custom = Object.fromEntries(
      Object.entries(rest).flatMap(([key, value]) => (/^custom\[.+\]$/.test(key) ? [[key.slice(7, -1), value]] : [])),
    );
    const contact = { name, email, phone, id };
    return Promise.resolve({ t: 'init', known, auto: !known, open: true, items, contact, custom });
  }

  ticket(): Promise<TicketAnswer> {
    const { base, code } = this.config;
    const { department = '' } = this.asked;
    const asked = '?' + new URLSearchParams({ department });
    return fetchTicket(fetch.bind(window), `${base}/widgets/${code}/ticket${asked}`, this.store);
  }

  put(k: string, v: string | null): Promise<void> {
    this.store.set(k, v);
    return Promise.resolve();
  }

  /** A window of its own is closed by its own means. */
  close(): void {}

  forget(): void {
    for (const k of ['', ...Object.keys(this.store.items())]) this.store.set(k, null);
    // What the link said of the last one too.
    const { department } = this.asked;
    location.replace(location.pathname + (department ? '?' + new URLSearchParams({ department }) : ''));
  }

  did(what: Deed): void {
    const { tag, code } = this.config;
    if (tag) report(tag, what, code);
  }

  unread(count: number): void {
    document.title = document.title.replace(/^(\(\d+\) )?/, count ? `(${count}) ` : '');
  }
}

/** This page has no tag of the site's: the company's own is loaded, and told that the chat is shown (D-009). */
function load(tag: string): void {
  const isContainer = tag.startsWith('GTM-');
  const script = document.createElement('script');
  script.async = true;
  script.src = `https://www.googletagmanager.com/${isContainer ? 'gtm.js' : 'gtag/js'}?id=${tag}`;
  document.head.append(script);
  if (isContainer)
    ((window as { dataLayer?: unknown[] }).dataLayer ??= []).push({ 'gtm.start': Date.now(), event: 'gtm.js' });
  else {
    gtag('js', new Date());
    gtag('config', tag);
  }
}
