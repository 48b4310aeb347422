// The panel as a whole: which screen stands, and who hears of what happens.
import type { Looks } from '../../shared/config';
import type { Init } from '../host';
import { chat, type ChatScreen } from './chat';
import type { FieldError } from '../protocol';
import { endsOf, type Context, type Screen, type View } from './context';
import { h } from './dom';
import type { FormParts } from './form';
import { home } from './home';
import { isAsked, lendForm } from './lend';
import { connectionLine } from './line';
import { news } from './news';

export type Base = Omit<Context, 'go' | 'write' | 'redraw' | 'there' | 'isAway'>;

interface Screens extends Record<View, Screen> {
  chat: ChatScreen;
}

export function app(base: Base, init: Init): void {
  const { client, config, host, prefs, words } = base;
  const context: Context = { ...base, go, write, redraw, there, isAway };
  const line = connectionLine(client, words);
  const told = news(context, init.items.h);
  const screens = { home: home(context), chat: chat(context) } as Screens;
  const room = h('div.app', line.node, told.node);
  document.body.append(room);

  let view: View | undefined;
  let shown: HTMLElement | undefined;
  let isShown = init.open;
  let hasChosen = false;
  let unread = -1;
  let asking: Promise<FormParts> | undefined;
  let isAsking = false;
  let worn: Looks | undefined;
  /** The conversation that runs; null until that is known. */
  let running: string | null = null;

  function go(next: View, isOwn = true): void {
    hasChosen ||= isOwn;
    if (isOwn) client.connect();
    const { node, focus } = screens[next];
    // What comes late comes under its name as another node.
    if (node === shown) return;
    shown?.remove();
    view = next;
    line.node.before((shown = node));
    room.dataset.view = next;
    redraw();
    if (isOwn && isShown) focus();
  }

  function write(): void {
    const isOpening = !client.isRunning && !client.outbox.items.length;
    if (isOpening && config.privacy?.consent === 'required' && !prefs.person.consent)
      return void bring('consent', agree());
    if (isOpening && isAway()) return void bring('offline', leave());
    if (isOpening && prefs.missing(client.tickets.known).length) {
      // What was written there comes along.
      void ask(view === 'offline' ? [] : undefined);
    } else go('chat');
  }

  const bringForm = () => import('./form').then(({ form }) => form(config, client.ask, lendForm(context)));

  /** The form; `errors`: asks again, and shows them. Where it does not come through, the server says what it wants. */
  async function ask(errors?: FieldError[]): Promise<void> {
    try {
      const [node, focus, update, refill] = await (asking ??= bringForm());
      screens.form = { node, focus, update };
      if (errors) refill(errors);
      go('form');
    } catch {
      asking = undefined;
      go('chat');
    }
  }

  const placed = (which?: string) => config.departments.find(({ id }) => id === which);

  function there() {
    return placed(prefs.draft.department) ?? client.state;
  }

  function isAway() {
    return config.offline_messages && client.isOnline !== null && !there().online;
  }

  async function bring(next: 'consent' | 'offline', part: Promise<[HTMLElement, () => void]>): Promise<void> {
    try {
      const [node, focus] = await part;
      screens[next] = { node, focus, update() {} };
      go(next);
    } catch {
      // It did not come through: the server says what it wants, what is written waits in the chat, and nothing is lost.
      void ask();
    }
  }

  const agree = async () =>
    (await import('./privacy')).consent(config, endsOf(context), () => {
      prefs.remember({ consent: 'yes' });
      write();
    });

  const leave = async () =>
    (await import('./offline')).offline(config, client.ask, {
      known: { ...prefs.person, ...prefs.draft },
      page: host.page,
      where: there(),
      save: (draft) => prefs.keepDraft(draft),
      ends: endsOf(context),
      write: () => isAway() || write(),
      stored: client.outbox.onStored,
    });

  /** The looks of the department that was chosen, else of the one it is in; until one is known they stay. */
  function wear(): void {
    const one = placed(prefs.draft.department || client.state.conversation?.department);
    if (!one || one.looks === worn) return;
    worn = one.looks;
    // What does not come through leaves the looks as they are.
    void import('./dress').then(
      ({ dress }) => (dress(config, worn), redraw()),
      () => {},
    );
  }

  function redraw(): void {
    wear();
    client.isLookedAt = isShown && view === 'chat' && !document.hidden;
    client.mark();
    askAgain();
    // What was filled in is kept; there is nobody to send it to.
    if (client.isGone && view === 'form') go('home', document.hasFocus());
    if (view) screens[view].update();
    line.update(view === 'home');
    // Switched off, and nobody reads here any more: the loader takes a refused ticket as its word to go (D-074).
    if (client.isGone && !isShown) void host.ticket();
    if (client.unread === unread) return;
    unread = client.unread;
    host.unread(unread, words.t('loader.unread', { count: unread }));
  }

  /** A conversation that was not there when this visit was settled has begun. */
  function notice(): void {
    if (!client.isSettled) return;
    const now = (client.isRunning && client.state.conversation?.id) || '';
    if (now && running !== null && now !== running) host.did('start');
    running = now;
  }

  /** A running conversation is where the visitor wants to be, until they go elsewhere themselves. */
  function settle(): void {
    if (hasChosen || !client.isSettled || view !== 'home') return;
    if (client.isRunning || client.outbox.items.length) go('chat', false);
    if (client.isRunning && isShown && document.hasFocus()) screens.chat.focus();
    hasChosen = true;
  }

  /** The server wants a field that was not asked: back to the form, with the text. */
  function askAgain(): void {
    const item = client.outbox.items.find(({ refused }) => refused?.fields?.some(isAsked));
    if (!item?.refused?.fields || isAsking) return;
    isAsking = true;
    void ask(item.refused.fields).finally(() => (isAsking = false));
  }

  /** Nothing more is kept of who was here, or sent, until the panel is there anew. */
  function restart(): void {
    host.put = async () => {};
    client.outbox.items = [];
    location.reload();
  }

  // Another than before: who was here was erased. A browser that has not kept who it was has read something, and is not known.
  client.tickets.onTurn = async (whose, before) => {
    const isOther = before || (init.items.r && !client.tickets.known);
    if (isOther) {
      for (const k of 'rch') void host.put(k, null);
      prefs.forget();
      client.outbox.disown(prefs.form());
    }
    await host.put('w', whose);
    if (isOther) restart();
  };
  client.outbox.onStored = (given) => {
    prefs.remember(given);
    host.did('message');
  };
  client.onArrival = (rows) => {
    const theirs = rows.filter((row) => row.kind === 'message' && row.from !== 'visitor');
    if (!theirs.length) return;
    screens.chat.arrived(theirs.length);
    told.tell(theirs, isShown && !document.hidden);
  };
  client.onChange = () => {
    notice();
    settle();
    redraw();
  };
  host.onItem = (k, v) => {
    // Somebody else begins in another tab.
    if (k ? k === 'w' && client.tickets.whose && v !== client.tickets.whose : v === null) restart();
    if (k === 'h') told.heard(v);
    prefs.heard(k, v);
    client.heard(k, v);
  };
  host.onShown = (open, focus) => {
    isShown = open;
    if (open && client.unread) go('chat');
    if (focus) client.connect();
    if (open) client.wake();
    redraw();
    if (focus && view) screens[view].focus();
  };
  if (config.privacy)
    void import('./privacy').then(
      ({ privacyLine }) => screens.home.node.querySelector('main')?.append(privacyLine(config)),
      () => {},
    );
  // Before it is wanted, and not before somebody is about to.
  screens.home.node.onpointerover = () => {
    if (prefs.missing(client.tickets.known).length) asking ??= bringForm();
    asking?.catch(() => (asking = undefined));
  };
  listen(context, room);
  go('home', false);
  if (init.known || !init.auto) client.connect();
  if (init.open && !init.auto) screens.home.focus();
}

function listen({ client, host, redraw }: Context, room: HTMLElement): void {
  document.onvisibilitychange = () => {
    if (!document.hidden) client.wake();
    redraw();
  };
  window.ononline = window.onoffline = () => client.wake();
  // A handler that answers false would take every other key from its field.
  document.onkeydown = ({ key }) => {
    if (key === 'Escape') host.close();
  };
  // The panel stands open on its own: the visitor's first touch is what connects it.
  room.onpointerdown = room.onkeydown = () => client.connect();
}
