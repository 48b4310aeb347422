// What a page may tell the widget in `window.balcao`, and what the loader and its later part know of each other.
import type { LoaderConfig } from '../shared/config';
import type { Store } from '../shared/store';

/** Who is logged in on the site; whatever else it knows goes to the agents. `hash`: the site's signature of the id. */
export interface Contact {
  id?: unknown;
  hash?: unknown;
  name?: unknown;
  email?: unknown;
  phone?: unknown;
}

export interface Payload {
  startOpen?: boolean;
  visibleButton?: boolean;
  hideWhenOffline?: boolean;
  /** The id of a department: for this page, before the connection's. */
  department?: string;
  contact?: Contact | null;
  /** Whatever else the agents shall see. */
  custom?: object | null;
  position?: 'left' | 'right';
  language?: string;
  onStart?: () => void;
}

export interface HostApi {
  id?: string;
  payload?: Payload;
  open?: () => void;
  close?: () => void;
  toggle?: () => void;
  identify?: (contact?: Contact) => void;
  /** Takes the chat off the page, for good; whoever wants it again says `window.balcao` anew and brings the script. */
  unload?: () => void;
}

declare global {
  interface Window {
    balcao?: HostApi;
  }
}

/** The widget on a page: the loader's own, kept small, which the part that carries the panel works on. */
export interface Widget {
  config: LoaderConfig;
  code: string;
  origin: string;
  /** Kept early: pages replace it later. */
  get: typeof fetch;
  payload: Payload;
  /** Asked anew each time: what a page took away fails where it is caught. */
  phone: MediaQueryList;
  /** Where the panel goes. */
  room: HTMLElement;
  /** For this visit. */
  visit: Store;
  /** Of whoever is there. */
  store: Store;
  /** Whom the site says is there and its signature, as tickets are asked for; empty: nobody. */
  customer: string;
  isOpen: boolean;
  /** Opened by the page on its own: focus stays where it is, and an unknown visitor is not connected yet. */
  isAuto: boolean;
  /** Listens; whatever goes wrong inside stays inside. */
  on<E extends Event>(target: EventTarget | null | undefined, name: string, run: (event: E) => void): void;
  guard<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void;
  turn(open: boolean): void;
  /** The panel is being loaded, or stands. */
  await(isReady: boolean): void;
  /** The connection is switched off, or this site may not carry it. */
  vanish(): void;
  tell(what: string): void;
  /** How many messages are unread, and that in words. */
  count(unread: number, news: string): void;
  /** The page's own choices, for addresses. */
  query(): string;
}

/** The panel in its frame. */
export interface Chat {
  shown(open: boolean, auto: boolean): void;
  /** Takes the frame away. */
  leave(): void;
  /** Brings it, for whoever is there now. */
  load(): void;
}
