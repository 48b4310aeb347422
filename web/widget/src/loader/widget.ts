// The loader's behaviour: draws the launcher, opens and closes the room for the panel. What carries the panel is loaded when it is first
// opened. Nothing is stored or contacted before the visitor acts, and nothing ever throws.
// One script stands for one connection, so its state is the module's own.
import type { LoaderConfig } from '../shared/config';
import { createStore, type Store } from '../shared/store';
import type { Chat, Contact, HostApi, Payload, Widget } from './host';
import { container, draw, launcher, paint, room, say } from './ui';

/** On a slow network the page and its parts take several round trips of seconds each. */
const READY_WITHIN = 20_000;
/** Who is there is looked at anew. */
const LOOK_AFTER = 60_000;
/** In browsers that have it. */
const { navigation } = window as { navigation?: { currentEntry: { getState(): unknown } } };

let watcher: MutationObserver;
let config: LoaderConfig;
let code: string;
let name: string;
let get: typeof fetch;
let payload: Payload;
/** `s` says whether it was last open, once the visitor has opened or closed it. */
let visit: Store;
let widget: Widget;
let chat: Promise<Chat> | undefined;

let isGone = false;
/** The site shows no launcher. */
let isHidden: boolean;
let isBegun = false;
let unread = 0;
let news = '';
let readds = 0;
let deadline: ReturnType<typeof setTimeout>;
let before: Element | null = null;

function warn(text: unknown): void {
  console.warn(`[balcao] ${text}`);
}

/** An entry point for the outside world: whatever goes wrong inside stays inside. */
const guard: Widget['guard'] =
  (run) =>
  (...args) => {
    try {
      run(...args);
    } catch (error) {
      warn(error);
    }
  };

const on: Widget['on'] = (target, name, run) => target?.addEventListener(name, guard(run) as EventListener);

export const start = guard((given: LoaderConfig) => {
  config = given;
  code = config.u.split('/').pop()!;
  name = 'balcao:' + code;
  get = fetch.bind(window);
  // As the server judges it (D-072).
  if (!RegExp(config.d).test(location.origin)) warn('not available here');
  else if (document.body) run();
  else on(document, 'DOMContentLoaded', run);
});

function run(): void {
  const id = 'balcao-' + code;
  if (document.getElementById(id)) return;
  const phone = matchMedia('(max-width:480px)');
  watcher = new MutationObserver(guard(attach));
  const api: HostApi = (window.balcao ??= {});
  payload = {};
  if ((api.id ?? code) === code) payload = api.payload || payload;
  else warn('window.balcao.id is not ' + code);
  // The department's own launcher; where that does not come, nothing stands in a wrong colour.
  if (config.k && payload.department) return void import(/* @vite-ignore */ config.u + '.js' + query()).catch(warn);
  visit = createStore(name, true);
  draw(id, config, guard(toggle), guard(dismiss));
  const { origin } = new URL(config.u);
  const shared = {
    config,
    code,
    origin,
    get,
    payload,
    phone,
    room,
    visit,
    on,
    guard,
    turn,
    await: wait,
    vanish,
    tell,
    count,
    query,
  };
  widget = { ...shared, ...person(), isOpen: false, isAuto: false };
  launcher.hidden = isHidden = payload.visibleButton === false;
  repaint();
  attach();
  watcher.observe(document.documentElement, { childList: true });
  on<KeyboardEvent>(container, 'keydown', (event) => event.key === 'Escape' && turn(false));
  // What will be needed is on its way by the time of the press.
  on(launcher, 'pointerenter', () => void part().catch(() => {}));
  if (!api.open) {
    api.open = guard(() => turn(true));
    api.close = guard(() => turn(false));
    api.toggle = guard(toggle);
    api.identify = guard(identify);
    api.unload = guard(unload);
    on(document, 'click', onClick);
  }
  launcher.hidden ||= !!(payload.hideWhenOffline ?? config.h);
  if (launcher.hidden && !isHidden) void seek();
  else begin();
  guard(() => payload.onStart?.())();
}

/** Who is there by the site's word: a signed customer has a store of their own, and nobody else's is touched. */
function person(isToldAnew?: boolean): Pick<Widget, 'store' | 'customer'> {
  const { id, hash } = payload.contact ?? {};
  const customer = id && hash ? [id, hash].map((one) => encodeURIComponent(`${one}`)).join() : '';
  // A shared browser: what lies here of other customers goes.
  const [who] = customer.split(',');
  if (customer || isToldAnew) seldom(({ clear }) => clear(name + '~', who));
  return { store: createStore(name + (customer && '~' + who), config.v), customer };
}

/** Another person, or nobody any more, is logged in on the site. */
function identify(contact?: Contact): void {
  payload.contact = contact;
  Object.assign(widget, person(true));
  count(0, '');
  void chat?.then(
    guard((chat) => chat.load()),
    () => {},
  );
}

/** Hidden while nobody answers, but for who has a conversation; looked at again as long as the page stands. */
async function seek(): Promise<void> {
  let isThere = !!widget.store.get('c');
  try {
    isThere ||= (await (await get(config.u + '/status' + query())).json()).online;
  } catch {
    // Not known: as it was.
    isThere ||= isBegun;
  }
  launcher.hidden = !isThere && !widget.isOpen;
  if (isThere && !isBegun) begin();
  if (!isGone) setTimeout(seek, LOOK_AFTER);
}

function begin(): void {
  isBegun = true;
  if (!isHidden) tell('show');
  // Loaded anew on the entry of a panel that is closed now: it would be a Back that does nothing.
  if (navigation?.currentEntry?.getState() === code) history.back();
  const last = visit.get('s');
  const { matches } = widget.phone;
  const isWanted = payload.startOpen ?? config.o & (matches ? 2 : 1);
  if (last ? last === 'true' && !matches : isWanted) turn(true, true);
  // A conversation is running in this visit: keep listening on the site's next page too.
  else if (last && widget.store.get('c')) load();
  else if (!last && !launcher.hidden) say(config.a);
  if (config.w && !chat) seldom(({ here }) => here(widget));
}

/** What few pages need. */
function seldom(use: (part: typeof import('./here')) => void): void {
  void import('./here').then(guard(use), () => {});
}

/** Sites that redraw their body take us with it: come back, but do not fight for ever. */
function attach(): void {
  if (isGone || container.isConnected || !document.body || readds++ > 50) return;
  document.body.append(container);
  watcher.observe(document.body, { childList: true });
}

function repaint(): void {
  paint(payload.position || config.p, widget.isOpen, unread, news);
}

function count(messages: number, words: string): void {
  unread = messages;
  news = words;
  repaint();
}

/** For good: the chat comes back only with another script. */
function unload(): void {
  turn(false, true);
  tell('gone');
  isGone = true;
  container.remove();
}

function vanish(): void {
  unload();
  warn('not available here');
}

function query(): string {
  const { language = '', department = '' } = payload;
  return '?' + new URLSearchParams({ language, department });
}

const part = () => import('./frame');

function load(): void {
  wait(false);
  chat ??= part().then(({ carry }) => carry(widget));
  chat.catch(guard(fail));
}

function wait(isReady: boolean): void {
  clearTimeout(deadline);
  if (!isReady) deadline = setTimeout(guard(fail), READY_WITHIN);
}

/** The panel did not come up: the launcher stays, with a sentence beside it. */
function fail(): void {
  wait(true);
  void chat?.then(
    (chat) => chat.leave(),
    () => {},
  );
  chat = undefined;
  if (!widget.isOpen) return;
  turn(false);
  say(config.f);
}

function dismiss(): void {
  visit.set('s', 'false');
  say();
}

function toggle(): void {
  turn(!widget.isOpen);
}

function turn(open: boolean, auto = false): void {
  if (widget.isOpen === open || isGone) return;
  const active = document.activeElement;
  widget.isOpen = open;
  if (!auto) visit.set('s', `${open}`);
  if (open) {
    before = active;
    widget.isAuto = auto;
    say();
    if (!chat) load();
  }
  repaint();
  if (!open && active === container) ((launcher.hidden ? before : launcher) as HTMLElement | null)?.focus();
  void chat?.then(
    guard((chat) => chat.shown(open, auto)),
    () => {},
  );
  tell(open ? 'open' : 'close');
}

/** For the page, and for what it tells others: that something happened, and with which chat. */
function tell(what: string): void {
  dispatchEvent(new CustomEvent('balcao:' + what, { detail: { code } }));
}

function onClick(event: Event): void {
  const target = event.target as Element | null;
  const pressed = target?.closest?.('#btn-webchat,[data-balcao]');
  if (!pressed) return;
  const verb = pressed.getAttribute('data-balcao');
  turn(verb === 'open' || (verb !== 'close' && !widget.isOpen));
}
