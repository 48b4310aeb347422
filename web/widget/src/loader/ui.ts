// What the loader draws: launcher, badge, call-to-action bubble and the room for the panel, in a closed shadow root.
import type { LoaderConfig } from '../shared/config';
import css from './loader.css?inline';

/** In all our languages. */
const NAME = 'Chat';

export let container: HTMLElement;
export let launcher: HTMLElement;
/** Where the panel goes. */
export let room: HTMLElement;
let badge: HTMLElement;
let words: HTMLElement;
let bubble: HTMLElement;
let root: HTMLElement;

function make(tag: string, name: string, ...children: Element[]): HTMLElement {
  const made = document.createElement(tag);
  made.className = name;
  made.append(...children);
  return made;
}

export function draw(id: string, { s, x }: LoaderConfig, onPress: () => void, onDismiss: () => void): void {
  container = make('div', '');
  container.id = id;
  // Whatever direction the page has: our texts are in languages that go this way.
  container.dir = 'ltr';
  const shadow = container.attachShadow({ mode: 'closed' });
  // A constructed sheet: a host page's strict style-src does not touch it.
  const sheet = new CSSStyleSheet();
  sheet.replaceSync(css + s);
  shadow.adoptedStyleSheets = [sheet];

  badge = make('span', 'badge');
  launcher = make('button', 'launcher', badge);
  words = make('button', '');
  const dismiss = make('button', 'x');
  bubble = make('div', 'bubble', words, dismiss);
  room = make('div', 'panel');
  root = make('div', '', room, bubble, launcher);
  shadow.append(root);
  launcher.onclick = words.onclick = onPress;
  dismiss.onclick = onDismiss;
  dismiss.textContent = '\u00d7';
  dismiss.ariaLabel = x;
  say();
}

/** Shows a sentence beside the launcher, or none. */
export function say(text = ''): void {
  words.textContent = text;
  bubble.hidden = !text;
}

/** `news`: how many messages are unread, in words. */
export function paint(side: string, isOpen: boolean, unread: number, news: string): void {
  container.className = `balcao balcao-${isOpen ? 'open' : 'closed'}`;
  root.className = side + (isOpen ? ' open' : '');
  launcher.ariaExpanded = `${isOpen}`;
  badge.hidden = isOpen || !unread;
  badge.textContent = `${unread}`;
  launcher.ariaLabel = badge.hidden ? NAME : `${NAME}. ${news}`;
}
