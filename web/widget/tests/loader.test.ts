// D-020, D-040, D-064 to D-069: the loader stands on any page, stores and contacts nothing before the visitor acts,
// and never throws.
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import type { LoaderConfig } from '../src/shared/config';

let count = 0;
/** The part that carries the panel comes with the first opening. */
const arrived = () => vi.dynamicImportSettled();

/** Each script has a module of its own. */
let start: (config: LoaderConfig) => void;
let config: LoaderConfig;
let get: ReturnType<typeof vi.fn>;
let warn: ReturnType<typeof vi.spyOn>;

const idOf = ({ u }: LoaderConfig) => u.split('/').pop()!;
const container = () => document.getElementById('balcao-' + idOf(config));
const requests = () => get.mock.calls.length;

async function nextScript(): Promise<void> {
  vi.resetModules();
  ({ start } = await import('../src/loader/widget'));
}

beforeEach(async () => {
  await nextScript();
  config = {
    u: `https://chat.example/widgets/code-${++count}`,
    s: ':host{--c:#1f6f5c;--o:#fff}',
    p: 'right',
    a: 'Precisa de ajuda?',
    o: 0,
    v: false,
    d: '',
    x: 'X',
    f: 'Falhou',
  };
  get = vi.fn(async () => ({ ok: false, status: 503, headers: new Headers() }));
  vi.stubGlobal('fetch', get);
  warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
  // No page is loaded into the frame here: another element stands in for it.
  const create = document.createElement.bind(document);
  vi.spyOn(document, 'createElement').mockImplementation((tag: string) => create(tag === 'iframe' ? 'p' : tag));
});

afterEach(async () => {
  await arrived();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
  delete window.balcao;
  localStorage.clear();
  sessionStorage.clear();
});

test('draws one container and leaves no trace before the visitor acts', () => {
  start(config);
  expect(container()?.className).toBe('balcao balcao-closed');
  expect(container()?.shadowRoot).toBeNull();
  expect(requests()).toBe(0);
  expect(localStorage.length + sessionStorage.length).toBe(0);
});

test('twice the same code is drawn once, another code stands beside it', async () => {
  start(config);
  await nextScript();
  start(config);
  expect(document.querySelectorAll('#balcao-' + idOf(config))).toHaveLength(1);
  await nextScript();
  start({ ...config, u: config.u + '-b' });
  expect(document.getElementById(`balcao-${idOf(config)}-b`)).not.toBeNull();
});

test('opens, closes and tells the page', async () => {
  const heard: string[] = [];
  for (const name of ['balcao:open', 'balcao:close'])
    window.addEventListener(name, () => heard.push(name), { once: true });
  start(config);
  window.balcao?.open?.();
  expect(container()?.className).toBe('balcao balcao-open');
  await arrived();
  expect(requests()).toBe(1);
  expect(get.mock.calls[0]?.[0]).toBe(`${config.u}/ticket?language=&department=`);
  window.balcao?.toggle?.();
  expect(container()?.className).toBe('balcao balcao-closed');
  expect(heard).toEqual(['balcao:open', 'balcao:close']);
});

test('taken off the page it stays away, and another script brings it anew', async () => {
  start(config);
  const { open, unload } = window.balcao!;
  open?.();
  await arrived();
  unload?.();
  expect(container()).toBeNull();
  open?.();
  document.body.append(document.createElement('main'));
  await Promise.resolve();
  expect(container()).toBeNull();
  expect(warn).not.toHaveBeenCalled();
  window.balcao = {};
  await nextScript();
  start(config);
  expect(container()).not.toBeNull();
  window.balcao?.open?.();
  expect(container()?.className).toBe('balcao balcao-open');
});

test('elements of the page open, close and toggle it', () => {
  document.body.innerHTML = '<p id="btn-webchat"><b>chat</b></p><i data-balcao="close"></i><i data-balcao="open"></i>';
  start(config);
  const press = (selector: string) => {
    document.querySelector(selector)!.dispatchEvent(new MouseEvent('click', { bubbles: true }));
    return container()!.className;
  };
  expect(press('#btn-webchat b')).toContain('open');
  expect(press('[data-balcao=open]')).toContain('open');
  expect(press('[data-balcao=close]')).toContain('closed');
  expect(press('[data-balcao=close]')).toContain('closed');
});

test('an automatic opening contacts nobody for an unknown visitor, and follows the visitor’s own close', async () => {
  config.o = 1;
  start(config);
  expect(container()?.className).toContain('open');
  await arrived();
  expect(requests()).toBe(0);
  expect(localStorage.length + sessionStorage.length).toBe(0);
  window.balcao?.close?.();
  document.body.replaceChildren();
  delete window.balcao;
  await nextScript();
  start(config);
  expect(container()?.className).toContain('closed');
});

test('payload.startOpen goes before the setting, onStart is called and may throw', () => {
  config.o = 1;
  const onStart = vi.fn(() => {
    throw new Error('host page');
  });
  window.balcao = { id: idOf(config), payload: { startOpen: false, onStart } };
  start(config);
  expect(container()?.className).toContain('closed');
  expect(onStart).toHaveBeenCalledOnce();
});

test('waits for the body', () => {
  const body = document.body;
  body.remove();
  start(config);
  document.documentElement.append(body);
  document.dispatchEvent(new Event('DOMContentLoaded'));
  expect(container()).not.toBeNull();
});

test('comes back when the page redraws its body', async () => {
  start(config);
  document.body.replaceChildren();
  await new Promise((resolve) => setTimeout(resolve));
  expect(container()).not.toBeNull();
});

test('storage that throws is replaced by memory', () => {
  const broken = () => {
    throw new DOMException('denied', 'SecurityError');
  };
  vi.stubGlobal('localStorage', new Proxy({}, { get: broken, ownKeys: broken }));
  vi.stubGlobal('sessionStorage', new Proxy({}, { get: broken, ownKeys: broken }));
  start(config);
  window.balcao?.open?.();
  expect(container()?.className).toContain('open');
  expect(warn).not.toHaveBeenCalled();
});

test('a page that replaced fetch or JSON breaks nothing', async () => {
  vi.stubGlobal('fetch', () => {
    throw new Error('blocked');
  });
  vi.stubGlobal('JSON', undefined);
  start(config);
  expect(() => window.balcao?.open?.()).not.toThrow();
  await Promise.resolve();
  expect(container()?.className).toContain('open');
});

test('a missing code or another id is one warning', () => {
  start(undefined as unknown as LoaderConfig);
  expect(warn).toHaveBeenCalledOnce();
  window.balcao = { id: 'other' };
  start(config);
  expect(warn).toHaveBeenCalledTimes(2);
  expect(container()).not.toBeNull();
});

test('a site that is not on the list sees nothing (D-072)', async () => {
  const pattern = String.raw`^https?://((www\.)?loja\.com\.br)(:|$)|^https://chat\.example$`;
  const shows = async (host: string, d = '') => {
    await nextScript();
    vi.stubGlobal('location', { hostname: host, origin: `https://${host}`, href: `https://${host}/` });
    config = { ...config, u: `${config.u}x`, d };
    start(config);
    return container() !== null;
  };
  expect(await shows('outra.com')).toBe(true);
  for (const host of ['loja.com.br', 'www.loja.com.br', 'chat.example']) expect(await shows(host, pattern)).toBe(true);
  for (const host of ['blog.loja.com.br', 'outraloja.com.br', 'loja.com.br.evil.com'])
    expect(await shows(host, pattern)).toBe(false);
});

test('a connection that was switched off disappears quietly', async () => {
  get.mockResolvedValue({ ok: false, status: 404, headers: new Headers() });
  start(config);
  window.balcao?.open?.();
  await vi.waitFor(() => expect(container()).toBeNull());
  expect(() => window.balcao?.open?.()).not.toThrow();
  expect(container()).toBeNull();
});

test('switched off while the visitor sees the panel, it goes only when they close it', async () => {
  const contentWindow = { postMessage: vi.fn() };
  const create = vi.mocked(document.createElement);
  const plain = create.getMockImplementation()!;
  create.mockImplementation((tag: string) => Object.assign(plain(tag), tag === 'iframe' && { contentWindow }));
  start(config);
  window.balcao?.open?.();
  await arrived();
  const says = (message: object) => {
    const data = { balcao: idOf(config), ...message };
    const source = contentWindow as unknown as Window;
    window.dispatchEvent(new MessageEvent('message', { data, origin: 'https://chat.example', source }));
  };
  says({ t: 'ready' });
  get.mockResolvedValue({ ok: false, status: 404, headers: new Headers() });
  const answers = () => contentWindow.postMessage.mock.calls.map(([message]) => message.answer?.status);
  says({ t: 'ticket', n: 1 });
  says({ t: 'ticket', n: 2 });
  await vi.waitFor(() => expect(answers()).toContain(404));
  expect(container()?.className).toContain('open');
  window.balcao?.close?.();
  says({ t: 'ticket', n: 3 });
  await vi.waitFor(() => expect(container()).toBeNull());
});

test('a page that replaced its history opens and closes the chat on a phone all the same', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  vi.stubGlobal('history', {});
  await nextScript();
  start(config);
  expect(() => window.balcao?.open?.()).not.toThrow();
  expect(container()?.className).toContain('open');
  expect(() => window.balcao?.close?.()).not.toThrow();
  expect(container()?.className).toContain('closed');
});

test('a page that is loaded anew on the step of a chat on a phone goes back from it, another one does not', async () => {
  vi.stubGlobal('matchMedia', () => ({ matches: true }));
  const back = vi.fn();
  vi.stubGlobal('history', { pushState: () => (state = undefined), back });
  let state: unknown;
  const navigation = new EventTarget() as EventTarget & Record<string, unknown>;
  navigation.currentEntry = { getState: () => state };
  navigation.updateCurrentEntry = (to: { state: unknown }) => (state = to.state);
  vi.stubGlobal('navigation', navigation);
  await nextScript();
  start(config);
  window.balcao?.open?.();
  await arrived();
  expect(state).toBe(idOf(config));
  const timesBack = async (left: unknown) => {
    config = { ...config, u: config.u + 'x' };
    state = left ?? idOf(config);
    await nextScript();
    start(config);
    return back.mock.calls.length;
  };
  // The page has made the entry its own meanwhile.
  expect(await timesBack({ page: 2 })).toBe(0);
  expect(await timesBack(null)).toBe(1);
});

test('words from strangers are not heard', () => {
  start(config);
  window.balcao?.open?.();
  const data = { balcao: idOf(config), t: 'close' };
  window.dispatchEvent(new MessageEvent('message', { data, origin: 'https://chat.example', source: window }));
  window.dispatchEvent(new MessageEvent('message', { data, origin: 'https://evil.example' }));
  window.dispatchEvent(new MessageEvent('message', { data: null }));
  expect(container()?.className).toContain('open');
});

test('what a message cannot carry is left out, and the panel opens', async () => {
  const contact = { id: 7, name: 'Marina', email: () => 'm@exemplo.com.br', more: { run() {} } };
  window.balcao = { payload: { contact, custom: { Plano: 'Fibra', run() {} } } };
  const roots = openRoots();
  start(config);
  window.balcao.open?.();
  await arrived();
  const frame = roots[0]!.querySelector('.panel')!.firstElementChild!;
  const posted = vi.fn((message: unknown) => structuredClone(message));
  const panel = Object.assign(new EventTarget(), { postMessage: posted });
  Object.defineProperty(frame, 'contentWindow', { value: panel });
  const event = new MessageEvent('message', {
    source: panel as never,
    origin: 'https://chat.example',
    data: { balcao: idOf(config), t: 'ready' },
  });
  window.dispatchEvent(event);
  expect(posted).toHaveBeenCalledTimes(1);
  expect(posted.mock.calls[0]![0]).toMatchObject({
    t: 'init',
    contact: { id: 7, name: 'Marina' },
    custom: { Plano: 'Fibra' },
  });
  expect(posted.mock.results[0]!.type).toBe('return');
});

/** The root that nobody else sees. */
function openRoots(): ShadowRoot[] {
  const roots: ShadowRoot[] = [];
  const attach = Element.prototype.attachShadow;
  vi.spyOn(Element.prototype, 'attachShadow').mockImplementation(function (this: Element, options) {
    roots.push(attach.call(this, options));
    return roots.at(-1)!;
  });
  return roots;
}

test('hidden while nobody answers, shown once somebody does, and to who has a conversation (T-022)', async () => {
  vi.useFakeTimers();
  const roots = openRoots();
  const launcher = () => roots.at(-1)!.querySelector<HTMLElement>('.launcher')!;
  let online = false;
  get.mockImplementation(async () => ({ ok: true, json: async () => ({ online }) }));
  window.balcao = { id: idOf(config), payload: { hideWhenOffline: true, department: 'd1' } };
  start(config);
  await vi.advanceTimersByTimeAsync(0);
  expect(get.mock.calls).toEqual([[`${config.u}/status?language=&department=d1`]]);
  expect(launcher().hidden).toBe(true);
  online = true;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(launcher().hidden).toBe(false);
  online = false;
  await vi.advanceTimersByTimeAsync(60_000);
  expect(launcher().hidden).toBe(true);
  localStorage.setItem(`balcao:${idOf(config)}:c`, '1');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(launcher().hidden).toBe(false);
  vi.useRealTimers();
});

test('a signed customer has a store and a ticket of their own; logging out goes back to nobody’s (D-070)', async () => {
  const bodies = () => get.mock.calls.map(([, asked]) => asked.body);
  localStorage.setItem('balcao:' + idOf(config), 'key-of-nobody');
  start(config);
  window.balcao?.open?.();
  await arrived();
  window.balcao?.identify?.({ id: 'á 7', hash: 'ab,c' });
  await arrived();
  await Promise.resolve();
  window.balcao?.identify?.({ id: 8 });
  await arrived();
  await Promise.resolve();
  expect(bodies()).toEqual([
    '{"key":"key-of-nobody","customer":""}',
    '{"customer":"%C3%A1%207,ab%2Cc"}',
    '{"key":"key-of-nobody","customer":""}',
  ]);
  expect(Object.keys(localStorage).filter((key) => key.startsWith('balcao'))).toEqual(['balcao:' + idOf(config)]);
});

test.each(['MutationObserver', 'matchMedia'])('a page without %s gets a warning and no error', async (name) => {
  vi.stubGlobal(name, undefined);
  await nextScript();
  start(config);
  expect(warn).toHaveBeenCalled();
});

// D-070: a shared computer.
test('what lies in storage under another customer’s id goes, one’s own and nobody’s stay', async () => {
  const name = 'balcao:' + idOf(config);
  const at = (id: string) => `${name}~${encodeURIComponent(id)}`;
  const lie = (...keys: string[]) => keys.forEach((key) => localStorage.setItem(key, 'x'));
  lie(name, `${name}:d`, at('1'), `${at('1')}:d`, at('12'), `${at('12')}:m:1`, at('1:2'), 'balcao:other~1', 'shop');
  window.balcao = { payload: { contact: { id: '1', hash: 'ab' } } };
  start(config);
  await arrived();
  const left = [name, `${name}:d`, at('1'), `${at('1')}:d`, 'balcao:other~1', 'shop'];
  expect(Object.keys(localStorage).sort()).toEqual(left.sort());
  window.balcao?.identify?.();
  await arrived();
  expect(Object.keys(localStorage).sort()).toEqual([name, `${name}:d`, 'balcao:other~1', 'shop'].sort());
});

test('a page without a login says nothing of who was there', () => {
  const name = 'balcao:' + idOf(config);
  localStorage.setItem(name + '~1:d', 'x');
  start(config);
  expect(localStorage.getItem(name + '~1:d')).toBe('x');
});

// T-004
test('a page with a closed chat says where it is only where the company wants it, and stores nothing', async () => {
  const said: string[] = [];
  const sendBeacon = (address: string, word: string) => (said.push(address + ' ' + word), true);
  Object.assign(navigator, { sendBeacon });
  start(config);
  await arrived();
  expect(said).toEqual([]);
  await nextScript();
  document.title = 'Padaria "Vila"\n\u2028';
  config = { ...config, u: config.u + '-w', w: true };
  start(config);
  await arrived();
  const word = () => JSON.parse(said.at(-1)!.split(/ (.*)/s)[1]!);
  expect(said[0]?.split(' ')[0]).toBe(config.u + '/here');
  expect(word()).toMatchObject({ url: location.href.split('#')[0], returning: false, left: false });
  expect(word().title).toContain('Padaria "Vila"');
  expect(localStorage.length + sessionStorage.length).toBe(0);
  // Once the chat is opened it speaks for itself.
  window.dispatchEvent(new CustomEvent('balcao:open', { detail: { code: 'another' } }));
  expect(word().left).toBe(false);
  window.dispatchEvent(new CustomEvent('balcao:open', { detail: { code: idOf(config) } }));
  expect(word().left).toBe(true);
  const { length } = said;
  window.dispatchEvent(new Event('pageshow'));
  expect(said).toHaveLength(length);
});

// T-004
test('a page whose chat was taken off says that once, and nothing after it', async () => {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const said: string[] = [];
  Object.assign(navigator, { sendBeacon: (_address: string, word: string) => (said.push(word), true) });
  config = { ...config, w: true };
  start(config);
  await arrived();
  expect(said).toHaveLength(1);
  window.balcao!.unload!();
  expect(said.map((word) => JSON.parse(word).left)).toEqual([false, true]);
  window.dispatchEvent(new Event('pageshow'));
  window.dispatchEvent(new Event('popstate'));
  window.dispatchEvent(new Event('pagehide'));
  vi.advanceTimersByTime(120_000);
  expect(said).toHaveLength(2);
});

// T-004
test('a chat that is taken off before it has said anything says nothing', async () => {
  const said: string[] = [];
  Object.assign(navigator, { sendBeacon: (_address: string, word: string) => (said.push(word), true) });
  config = { ...config, w: true };
  start(config);
  window.balcao!.unload!();
  await arrived();
  window.dispatchEvent(new Event('pageshow'));
  expect(said).toEqual([]);
});
