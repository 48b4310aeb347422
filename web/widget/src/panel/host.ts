// Where the panel lives: in a frame of the company's site, where the loader keeps the key and all storage, or on a page
// of its own (direct.ts, loaded only there).
import type { Deed, ToLoader, ToPanel } from '../shared/bridge';
import type { Page, PanelConfig } from '../shared/config';
import type { TicketAnswer } from '../shared/ticket';

export type Init = Extract<ToPanel, { t: 'init' }>;

/** Within the server's limits, and without what a site keeps behind `#`. */
const cut = ({ url, title }: Page): Page => ({ url: url.split('#')[0]!.slice(0, 2000), title: title.slice(0, 2000) });

export interface Host {
  readonly isFramed: boolean;
  /** The page on which the visitor is, when the host knows one. */
  page: Page | undefined;
  onItem: (k: string, v: string | null) => void;
  onShown: (open: boolean, focus: boolean) => void;
  onPage: (page: Page) => void;
  init(): Promise<Init>;
  ticket(): Promise<TicketAnswer>;
  /** Resolves once the value is stored; `null` removes it. */
  put(k: string, v: string | null): Promise<void>;
  close(): void;
  /** Nothing of this visitor stays in this browser, and the panel begins anew. */
  forget(): void;
  /** What the visitor has done, for whoever counts that. */
  did(what: Deed): void;
  /** How many messages are unread; `text` says it in words. */
  unread(count: number, text: string): void;
}

/** As from `Omit`, but member by member. */
type Bare<T> = T extends { n: number } ? Omit<T, 'n'> : never;

class FramedHost implements Host {
  readonly isFramed = true;
  page: Page | undefined;
  onItem: Host['onItem'] = () => {};
  onShown: Host['onShown'] = () => {};
  onPage: Host['onPage'] = () => {};
  private origin = '';
  private count = 0;
  private readonly waiting = new Map<number, (message: ToPanel) => void>();
  private started: (init: Init) => void = () => {};

  constructor(private readonly code: string) {
    window.onmessage = (event) => this.hear(event);
  }

  init(): Promise<Init> {
    return new Promise((resolve) => {
      this.started = resolve;
      // The only word said to an unknown parent; from its answer on, its exact origin is used.
      this.post({ t: 'ready' }, '*');
    });
  }

  async ticket(): Promise<TicketAnswer> {
    const { answer } = (await this.ask({ t: 'ticket' })) as Extract<ToPanel, { t: 'ticket' }>;
    return answer;
  }

  async put(k: string, v: string | null): Promise<void> {
    await this.ask({ t: 'put', k, v });
  }

  close(): void {
    this.post({ t: 'close' });
  }

  forget(): void {
    this.post({ t: 'forget' });
  }

  did(what: Deed): void {
    this.post({ t: 'did', what });
  }

  unread(count: number, text: string): void {
    this.post({ t: 'unread', count, text });
  }

  private post(message: ToLoader, origin = this.origin): void {
    window.parent.postMessage({ balcao: this.code, ...message }, origin);
  }

  private ask(message: Bare<ToLoader>): Promise<ToPanel> {
    const n = ++this.count;
    return new Promise((resolve) => {
      this.waiting.set(n, resolve);
      this.post({ ...message, n } as ToLoader);
    });
  }

  private moved(page: Page): void {
    const isNew = this.page && page.url !== this.page.url;
    this.page = page;
    if (isNew) this.onPage(page);
  }

  private hear(event: MessageEvent): void {
    if (event.source !== window.parent || (this.origin && event.origin !== this.origin)) return;
    const message = event.data as (ToPanel & { balcao?: string; page: Page }) | null;
    if (message?.balcao !== this.code) return;
    this.moved(cut(message.page));
    if (message.t === 'init') {
      this.origin = event.origin;
      this.started(message);
    } else if (message.t === 'item') this.onItem(message.k, message.v);
    else if (message.t === 'shown') this.onShown(message.open, message.focus);
    else if (message.t !== 'page') {
      this.waiting.get(message.n)?.(message);
      this.waiting.delete(message.n);
    }
  }
}

export const createHost = async (config: PanelConfig): Promise<Host> =>
  window.parent === window ? new (await import('./direct')).DirectHost(config) : new FramedHost(config.code);
