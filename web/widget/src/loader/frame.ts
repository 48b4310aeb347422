// The part of the loader that carries the panel, loaded when it is first opened: guards the visitor's key and unsent messages in the host
// page's storage, and hands the panel tickets.
import type { ToLoader, ToPanel } from '../shared/bridge';
import type { Texts } from '../shared/config';
import { fetchTicket, type TicketAnswer } from '../shared/ticket';
import type { Chat, Widget } from './host';

/** In browsers that have it. */
const { navigation } = window as {
  navigation?: EventTarget & { updateCurrentEntry(to: { state: unknown }): void };
};

/** Only texts: a message cannot carry whatever a page may put there. */
const textsOf = (from: object | null | undefined): Texts =>
  Object.fromEntries(Object.entries(from ?? {}).filter(([, value]) => /str|num/.test(typeof value)));

export function carry(widget: Widget): Chat {
  const { code, config, guard, on, origin, payload, phone, room, visit } = widget;
  const viewport = window.visualViewport!;
  let frame: HTMLIFrameElement | null = null;
  let isReady = false;
  let early: Promise<TicketAnswer> | null = null;
  /** The address of our entry in the history, while there is one. */
  let entry = '';

  const isKnown = () => !!widget.store.get('');

  async function ask(): Promise<TicketAnswer> {
    const { customer, get, store } = widget;
    const answer = await fetchTicket(get, config.u + '/ticket' + widget.query(), store, customer);
    if (answer.ok?.verified === false) console.warn('[balcao] this hash is not of this id');
    // Where the visitor sees the panel, it says so itself.
    if (/40[34]/.test(`${answer.status}`) && !(widget.isOpen && isReady)) widget.vanish();
    return answer;
  }

  function load(): void {
    leave();
    frame = document.createElement('iframe');
    frame.title = 'Chat';
    frame.allow = 'microphone; autoplay';
    frame.src = config.u + widget.query();
    room.append(frame);
    widget.await(false);
    early = !widget.isAuto || isKnown() ? ask() : null;
  }

  function leave(): void {
    frame?.remove();
    frame = null;
    isReady = false;
  }

  function shown(open: boolean, auto: boolean): void {
    if (open && !frame) load();
    guard(step)();
    fit();
    if (open && !auto) frame?.focus();
    post({ t: 'shown', open, focus: open && !auto });
  }

  /** On phones the panel is a step of its own, which Back takes back. The page keeps its state and its address. */
  function step(): void {
    const isOurs = entry === location.href;
    entry = '';
    if (widget.isOpen && !widget.isAuto && phone.matches) {
      history.pushState(history.state, '');
      entry = location.href;
      // Outlives a reload, and ends when the page makes the entry its own.
      navigation?.updateCurrentEntry({ state: code });
    } else if (isOurs) history.back();
  }

  /** On phones the panel fills what the keyboard leaves free. */
  function fit(): void {
    const isFull = widget.isOpen && phone.matches && viewport.scale < 1.1;
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
    const { store } = widget;
    if (message.t === 'ready') {
      widget.await(true);
      isReady = true;
      const [contact, custom] = [payload.contact, payload.custom].map(textsOf);
      const { isAuto, isOpen } = widget;
      post({ t: 'init', known: isKnown(), auto: isAuto, open: isOpen, items: store.items(), contact, custom });
    } else if (message.t === 'ticket') {
      void (early ?? ask()).then((answer) => post({ t: 'ticket', n: message.n, answer }));
      early = null;
    } else if (message.t === 'put') {
      // What somebody has read is nobody's once they are forgotten.
      if (message.k !== 'r' || isKnown()) store.set(message.k, message.v);
      // Writing is acting: the site's next page carries on from here.
      if (widget.isOpen) visit.set('s', 'true');
      post({ t: 'kept', n: message.n });
    } else if ('what' in message) {
      widget.tell(message.what);
    } else if (message.t === 'close') {
      widget.turn(false);
    } else if (message.t === 'forget') {
      for (const k of ['', ...Object.keys(store.items())]) store.set(k, null);
      widget.count(0, '');
      load();
    } else if (message.t === 'unread') {
      widget.count(message.count, message.text);
    }
  }

  on(window, 'message', hear);
  on<StorageEvent>(window, 'storage', ({ key, newValue }) => {
    const k = widget.store.short(key);
    if (k !== null) post({ t: 'item', k, v: newValue });
  });
  // Single-page sites change the address without loading.
  for (const name of ['popstate', 'hashchange']) on(window, name, () => post({ t: 'page' }));
  on(navigation, 'navigatesuccess', () => post({ t: 'page' }));
  on(window, 'popstate', () => {
    if (entry !== location.href) return;
    entry = '';
    widget.turn(false);
  });
  for (const name of ['resize', 'scroll']) on(viewport, name, fit);
  load();
  return { shown, leave, load };
}
