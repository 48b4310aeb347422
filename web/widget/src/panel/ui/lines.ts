// Draws single lines of the conversation, and keeps a list of them in step, touching nothing that stands already.
import type { Context } from './context';
import { button, h, icon, link, none } from './dom';
import type { Line } from './rows';
import type { Words } from './words';

type Bubble = Extract<Line, { kind: 'bubble' }>;

/** What few lines need. */
export const acts = () => import('./acts').catch(none);

/** Writes a text. Addresses in it become links once what finds them has come; most texts hold none. */
function write(node: HTMLElement, text: string): HTMLElement {
  const plain = document.createTextNode(text);
  node.append(plain);
  if (/www\.|:\/\/|@/i.test(text))
    void import('./links').then(
      ({ pieces }) => plain.replaceWith(...pieces(text).map(({ href, text }) => (href ? link(href, text) : text))),
      // The text stays as it is.
      none,
    );
  return node;
}

/** What draws files comes with the first one. */
function fileRoom({ client, config, redraw, words }: Context, { file, id }: Bubble, gone: AbortSignal): HTMLElement {
  const room = h('div.file');
  void import('./attach').then(({ figure }) => {
    room.append(figure(file!, words.t, config, client.ask, () => client.abandon(id!), gone));
    redraw();
  });
  return room;
}

/** The line at which a conversation begins: its number is copied by one press. */
function numberLine({ text, number }: Extract<Line, { kind: 'protocol' }>, t: Words['t']): HTMLElement {
  const shown = h('span', text);
  const copy = () => void acts().then((part) => part?.copy(shown, number, text));
  const made = button('copy', copy, shown, icon('copy'));
  made.title = t('chat.copy');
  return h('div.note.protocol', { 'aria-live': 'polite' }, made);
}

/** `edit`: takes a refused message back into the composer. `gone`: the line has left the list, or was drawn anew. */
export function makeLine(line: Line, context: Context, edit: (id: string) => void, gone: AbortSignal): HTMLElement {
  const { client, words } = context;
  const { t } = words;
  switch (line.kind) {
    case 'bubble': {
      const kind = `bubble${line.own ? ' own' : ''}${line.isPending ? ' pending' : ''}`;
      const { file } = line;
      const made = h('div', { class: kind, title: words.exact(line.at) }, file && fileRoom(context, line, gone));
      if (file && line.text) made.append(write(h('div.said'), line.text));
      else write(made, line.text);
      return made;
    }
    case 'mark':
      return h('div.mark', t('message.' + line.mark));
    case 'refused': {
      const { id, refused, upload } = line.item;
      const reason = (refused?.fields?.[0] ?? refused)?.message ?? '';
      const made = h('div.refused', { role: 'alert' }, reason);
      const [again, discard] = [() => client.sendAgain(id), () => client.abandon(id)];
      const change = upload ? undefined : () => edit(id);
      void acts().then((part) => part?.refused(made, t, reason, again, discard, change));
      return made;
    }
    case 'protocol':
      return numberLine(line, t);
    case 'typing':
      // The dots stand, and move once what moves them is there.
      void acts();
      return h('div.bubble.typing', { role: 'img', 'aria-label': line.text }, h('i'), h('i'), h('i'));
    default:
      return h('div', { class: line.kind + (line.own ? ' own' : '') }, line.text);
  }
}

interface Drawn {
  line: string;
  node: HTMLElement;
  /** Ends what the line holds in memory. */
  end: AbortController;
}

/** Answers what draws lines into `list`, each by its key. */
export function keyed(
  list: HTMLElement,
  make: (line: Line, gone: AbortSignal) => HTMLElement,
): (lines: Line[]) => void {
  const drawn = new Map<string, Drawn>();

  return (lines) => {
    const keys = new Set(lines.map((line) => line.key));
    for (const [key, { node: old, end }] of drawn) {
      if (keys.has(key)) continue;
      old.remove();
      end.abort();
      drawn.delete(key);
    }
    let at: ChildNode | null = list.firstChild;
    for (const line of lines) {
      const now = JSON.stringify(line);
      const held = drawn.get(line.key);
      if (held?.line === now) {
        if (held.node === at) at = at.nextSibling;
        else list.insertBefore(held.node, at);
        continue;
      }
      const end = new AbortController();
      const made = make(line, end.signal);
      if (held?.node === at) at = at?.nextSibling ?? null;
      if (held) held.node.replaceWith(made);
      held?.end.abort();
      if (!held || made.nextSibling !== at) list.insertBefore(made, at);
      drawn.set(line.key, { line: now, node: made, end });
    }
  };
}
