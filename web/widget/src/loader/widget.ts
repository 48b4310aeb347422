// The loader's behaviour: opens and closes the panel, guards the visitor's key and unsent messages in the host page's
// storage, and hands the panel tickets. Nothing is stored or contacted before the visitor acts, and nothing ever throws.
// One script stands for one connection, so its state is the module's own.
import type { ToLoader, ToPanel } from '../shared/bridge';
import type { LoaderConfig, Person } from '../shared/config';
import { createStore, type Store } from '../shared/store';
import { fetchTicket, type TicketAnswer } from '../shared/ticket';
import { container, createFrame, draw, launcher, paint, room, say } from './ui';

interface Payload {
  startOpen?: boolean;
  visibleButton?: boolean;
  contact?: Person;
  position?: 'left' | 'right';
  language?: string;
  onStart?: () => void;
}

interface HostApi {
  id?: string;
  payload?: Payload;
  open?: () => void;
  close?: () => void;
  toggle?: () => void;
}

declare global {
  interface Window {
    balcao?: HostApi;
  }
}

/** On a slow network the page and its parts take several round trips of seconds each. */
const READY_WITHIN = 20_000;
const viewport = window.visualViewport!;
/** In browsers that have it. */
const { navigation } = window as {
  navigation?: EventTarget & {
    currentEntry: { getState(): unknown };
    updateCurrentEntry(to: { state: unknown }): void;
  };
};
/** Asked anew each time: what a page took away fails where it is caught. */
let phone: MediaQueryList;

let watcher: MutationObserver;
let config: LoaderConfig;
let code: string;
let origin: string;
/** Kept early: pages replace these later. */
let get: typeof fetch;
let payload: Payload;
let store: Store;
/** For this visit: `s` says whether it was last open, once the visitor has opened or closed it. */
let visit: Store;

let isOpen = false;
let isGone = false;
let isReady = false;
/** Opened by the page on its own: focus stays where it is, and an unknown visitor is not connected yet. */
let isAuto = false;
let unread = 0;
let news = '';
let readds = 0;
let frame: HTMLIFrameElement | null = null;
let deadline: ReturnType<typeof setTimeout>;
let before: Element | null = null;
let early: Promise<TicketAnswer> | null = null;
/** The address of our entry in the history, while there is one. */
let entry = '';

function warn(text: unknown): void {
  console.warn(`[balcao] ${text}`);
}

/** An entry point for the outside world: whatever goes wrong inside stays inside. */
function guard<A extends unknown[]>(run: (...args: A) => void): (...args: A) => void {
  return (...args) => {
    try {
      run(...args);
    } catch (error) {
      warn(error);
    }
  };
}

/** Listens, guarded. */
function on<E extends Event>(target: EventTarget | null | undefined, name: string, run: (event: E) => void): void {
  target?.addEventListener(name, guard(run) as EventListener);
}

export const start = guard((given: LoaderConfig) => {
  config = given;
  ({ origin } = new URL(config.u));
  code = config.u.split('/').pop()!;
  get = fetch.bind(window);
  if (!isAllowed()) warn('not available here');
  else if (document.body) run();
  else on(document, 'DOMContentLoaded', run);
});

/** As the server judges it (D-072): with or without `www.`, below a `*.` entry, or on the server's own pages. */
function isAllowed(): boolean {
  const host = location.hostname.replace(/^www\./, '');
  const isListed = (domain: string) => (domain[0] === '*' ? `.${host}`.endsWith(domain.slice(1)) : domain === host);
  return !config.d[0] || location.origin === origin || config.d.some(isListed);
}

function run(): void {
  const id = 'balcao-' + code;
  if (document.getElementById(id)) return;
  phone = matchMedia('(max-width:480px)');
  watcher = new MutationObserver(guard(attach));
  const api = (window.balcao ??= {});
  payload = {};
  if ((api.id ?? code) === code) payload = api.payload || payload;
  else warn('window.balcao.id is not ' + code);
  store = createStore('balcao:' + code, config.v);
  visit = createStore('balcao:' + code, true);
  draw(id, config, guard(toggle), guard(dismiss));
  launcher.hidden = payload.visibleButton === false;
  repaint();
  attach();
  watcher.observe(document.documentElement, { childList: true });
  listen();
  if (!api.open) {
    api.open = guard(() => turn(true));
    api.close = guard(() => turn(false));
    api.toggle = guard(toggle);
    on(document, 'click', onClick);
  }
  if (!launcher.hidden) tell('show');
  begin();
  guard(() => payload.onStart?.())();
}

function listen(): void {
  on<KeyboardEvent>(container, 'keydown', (event) => event.key === 'Escape' && turn(false));
  on(window, 'message', hear);
  on(window, 'storage', onStorage);
  // Single-page sites change the address without loading.
  on(window, 'popstate', onRoute);
  on(window, 'hashchange', onRoute);
  on(navigation, 'navigatesuccess', onRoute);
  on(viewport, 'resize', fit);
  on(viewport, 'scroll', fit);
  on(window, 'popstate', onBack);
}

function begin(): void {
  // Loaded anew on the entry of a panel that is closed now: it would be a Back that does nothing.
  if (navigation?.currentEntry?.getState() === code) history.back();
  const last = visit.get('s');
  const isWanted = payload.startOpen ?? config.o & (phone.matches ? 2 : 1);
  if (last ? last === 'true' && !phone.matches : isWanted) turn(true, true);
  // A conversation is running in this visit: keep listening on the site's next page too.
  else if (last && store.get('c')) load();
  else if (!last && !launcher.hidden) say(config.a);
}

/** Sites that redraw their body take us with it: come back, but do not fight for ever. */
function attach(): void {
  if (isGone || container.isConnected || !document.body || readds++ > 50) return;
  document.body.append(container);
  watcher.observe(document.body, { childList: true });
}

function repaint(): void {
  paint(payload.position || config.p, isOpen, unread, news);
}

function isKnown(): boolean {
  return !!store.get('');
}

async function ask(): Promise<TicketAnswer> {
  const answer = await fetchTicket(get, config.u + '/ticket', store);
  // Where the visitor sees the panel, it says so itself.
  if (/40[34]/.test(`${answer.status}`) && !(isOpen && isReady)) vanish();
  return answer;
}

/** The connection is switched off, or this site may not carry it: go, quietly. */
function vanish(): void {
  turn(false, true);
  isGone = true;
  container.remove();
  warn('not available here');
}

function load(): void {
  frame = createFrame(config.u + (payload.language ? '?language=' + encodeURIComponent(payload.language) : ''));
  room.append(frame);
  deadline = setTimeout(guard(fail), READY_WITHIN);
  if (!isAuto || isKnown()) early = ask();
}

/** The panel page did not come up: the launcher stays, with a sentence beside it. */
function fail(): void {
  frame?.remove();
  frame = null;
  if (!isOpen) return;
  turn(false);
  say(config.f);
}

function dismiss(): void {
  visit.set('s', 'false');
  say();
}

function toggle(): void {
  turn(!isOpen);
}

function turn(open: boolean, auto = false): void {
  if (isOpen === open || isGone) return;
  const active = document.activeElement;
  isOpen = open;
  if (!auto) visit.set('s', `${open}`);
  if (open) {
    before = active;
    isAuto = auto;
    say();
    if (!frame) load();
  }
  guard(step)();
  repaint();
  fit();
  if (!open && active === container) ((launcher.hidden ? before : launcher) as HTMLElement | null)?.focus();
  if (open && !auto) frame?.focus();
  post({ t: 'shown', open, focus: open && !auto });
  tell(open ? 'open' : 'close');
}

/** For the page, and for what it tells others: that something happened, and with which chat. */
function tell(what: string): void {
  dispatchEvent(new CustomEvent('balcao:' + what, { detail: { code } }));
}

/** On phones the panel is a step of its own, which Back takes back. The page keeps its state and its address. */
function step(): void {
  const isOurs = entry === location.href;
  entry = '';
  if (isOpen && !isAuto && phone.matches) {
    history.pushState(history.state, '');
    entry = location.href;
    // Outlives a reload, and ends when the page makes the entry its own.
    navigation?.updateCurrentEntry({ state: code });
  } else if (isOurs) history.back();
}

function onBack(): void {
  if (entry !== location.href) return;
  entry = '';
  turn(false);
}

/** On phones the panel fills what the keyboard leaves free. */
function fit(): void {
  const isFull = isOpen && phone.matches && viewport.scale < 1.1;
  room.style.cssText = isFull ? `height:${viewport.height}px;top:${viewport.offsetTop}px` : '';
}

function post(message: ToPanel): void {
  const page = { url: location.href, title: document.title };
  if (isReady) frame?.contentWindow?.postMessage({ balcao: code, page, ...message }, origin);
}

function hear(event: MessageEvent): void {
  if (!frame || event.source !== frame.contentWindow || event.origin !== origin) return;
  const message = event.data as (ToLoader & { balcao?: string }) | null;
  if (message?.balcao !== code) return;
  if (message.t === 'ready') {
    clearTimeout(deadline);
    isReady = true;
    // Only texts: a message cannot carry whatever a page may put there.
    const contact: Person = {};
    for (const k of ['name', 'email'] as const) {
      const v = payload.contact?.[k];
      if (typeof v === 'string') contact[k] = v;
    }
    post({ t: 'init', known: isKnown(), auto: isAuto, open: isOpen, items: store.items(), contact });
  } else if (message.t === 'ticket') {
    void (early ?? ask()).then((answer) => post({ t: 'ticket', n: message.n, answer }));
    early = null;
  } else if (message.t === 'put') {
    store.set(message.k, message.v);
    // Writing is acting: the site's next page carries on from here.
    if (isOpen) visit.set('s', 'true');
    post({ t: 'kept', n: message.n });
  } else if ('what' in message) {
    tell(message.what);
  } else if (message.t === 'close') {
    turn(false);
  } else if (message.t === 'unread') {
    unread = message.count;
    news = message.text;
    repaint();
  }
}

function onStorage(event: StorageEvent): void {
  const k = store.short(event.key);
  if (k !== null) post({ t: 'item', k, v: event.newValue });
}

function onClick(event: Event): void {
  const target = event.target as Element | null;
  const pressed = target?.closest?.('#btn-webchat,[data-balcao]');
  if (!pressed) return;
  const verb = pressed.getAttribute('data-balcao');
  turn(verb === 'open' || (verb !== 'close' && !isOpen));
}

function onRoute(): void {
  post({ t: 'page' });
}
