// What few pages need of the loader, and load then: forgetting other customers of a shared browser; and what a page with a closed chat says of
// itself, where the company wants to see who is on its site: its address and title, under a number by chance that ends with the page. Nothing
// is stored for that, and once the chat is opened it speaks for itself.
import { uuid } from '../panel/uuid';
import type { Widget } from './host';

const EVERY = 30_000;

/** Removes whatever begins with `start`, but what goes on with `kept`. */
export function clear(start: string, kept: unknown): void {
  for (const use of [() => localStorage, () => sessionStorage])
    try {
      for (const key of Object.keys(use()))
        if (key.startsWith(start) && !(kept && (key + ':').startsWith(`${start}${kept}:`))) use().removeItem(key);
    } catch {
      // Closed by the browser: nothing lies there.
    }
}

/** Tells of the page until the chat is opened, or is there no more. */
export function here({ code, config, on, room, store }: Widget): void {
  const visit = uuid();
  let isOver = false;

  function say(left = false): void {
    if (isOver || !room.isConnected) return;
    // By hand: some hosts give strings a toJSON of their own.
    const [url, title] = [location.href.split('#')[0]!.slice(0, 1000), document.title.slice(0, 200)].map(quoted);
    const returning = !!store.get('');
    const word = `{"visit":"${visit}","url":${url},"title":${title},"returning":${returning},"left":${left}}`;
    navigator.sendBeacon(config.u + '/here', word);
  }

  const { navigation } = window as { navigation?: EventTarget };
  for (const name of ['popstate', 'pageshow']) on(window, name, () => say());
  on(navigation, 'navigatesuccess', () => say());
  on(window, 'pagehide', () => say(true));
  for (const name of ['open', 'gone'])
    on<CustomEvent<{ code: string }>>(window, 'balcao:' + name, ({ detail }) => {
      // Another chat of the page speaks for itself.
      if (detail.code !== code) return;
      say(true);
      isOver = true;
      clearInterval(clock);
    });
  // A page that nobody looks at is not left yet; browsers slow its clock down, and its lease ends.
  const clock = setInterval(say, EVERY);
  say();
}

const quoted = (text: string): string =>
  `"${text.replace(/["\\\0-\x1f\u2028\u2029]/g, (c) => '\\u' + c.charCodeAt(0).toString(16).padStart(4, '0'))}"`;
