// The ten lines that replace a framework: make an element, make an icon.

type Props = Record<string, string | number | boolean | EventListener | undefined>;
export type Child = Node | string | null | undefined | false;

type Tag = keyof HTMLElementTagNameMap;

/** `h('p.hint.cut', …)`: then properties and children. `on…` sets a listener, `true` an empty attribute, `false` none. */
export function h<K extends Tag>(what: K | `${K}.${string}`, ...parts: (Child | Props)[]): HTMLElementTagNameMap[K] {
  const [tag, ...kinds] = what.split('.') as [K, ...string[]];
  const made = document.createElement(tag);
  if (kinds[0]) made.className = kinds.join(' ');
  for (const part of parts) {
    if (typeof part === 'string' || part instanceof Node) made.append(part);
    else if (part) set(made, part);
  }
  return made;
}

function set(element: Element, props: Props): void {
  for (const [name, value] of Object.entries(props)) {
    if (typeof value === 'function') element.addEventListener(name.slice(2), value);
    else if (value !== false && value !== undefined) element.setAttribute(name, value === true ? '' : String(value));
  }
}

/** A part that did not come through and is not missed. */
export const none = (): void => {};

/** Shows a text, or nothing at all where there is none. What stands already is not touched: it may be a live region. */
export function say(node: HTMLElement, text: string): void {
  if (node.textContent !== text) node.textContent = text;
  node.hidden = !text;
}

/** A button that does something (one that sends a form is made by `h`). */
export const button = (kind: string, onclick: () => void, ...children: Child[]): HTMLButtonElement =>
  h(`button.${kind}`, { type: 'button', onclick }, ...children);

/** Opens beside this page, which it learns nothing of. */
export const link = (href: string, text: string): HTMLElement =>
  h('a', { href, target: '_blank', rel: 'noopener noreferrer nofollow' }, text);

export const PATHS = {
  back: 'M15 5l-7 7 7 7',
  close: 'M6 6l12 12M18 6L6 18',
  more: 'M5 12h.01M12 12h.01M19 12h.01',
  right: 'M5 12h13M13 6l6 6-6 6',
  up: 'M12 19V6M6 11l6-6 6 6',
  down: 'M12 5v13M6 13l6 6 6-6',
  copy: 'M9 9h11v11H9zM15 9V4H4v11h5',
  clip: 'M20 11l-8.5 8.5a5 5 0 0 1-7-7L13 4a3.3 3.3 0 0 1 4.7 4.7l-8.4 8.4a1.7 1.7 0 0 1-2.4-2.4L14.5 7',
  smile: 'M12 20a8 8 0 1 1 0-16 8 8 0 0 1 0 16zM9 10h.01M15 10h.01M8.5 14.2c2 2.2 5 2.2 7 0',
} as const;

export const icon = (name: keyof typeof PATHS): SVGSVGElement => glyph(PATHS[name]);

export function glyph(line: string): SVGSVGElement {
  const space = 'http://www.w3.org/2000/svg';
  const svg = document.createElementNS(space, 'svg');
  const path = document.createElementNS(space, 'path');
  svg.setAttribute('viewBox', '0 0 24 24');
  svg.setAttribute('aria-hidden', 'true');
  path.setAttribute('d', line);
  svg.append(path);
  return svg;
}

export function iconButton(name: keyof typeof PATHS, label: string, onclick: () => void): HTMLButtonElement {
  const made = button('icon', onclick, icon(name));
  made.ariaLabel = made.title = label;
  return made;
}
