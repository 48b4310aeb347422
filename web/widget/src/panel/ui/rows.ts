// Turns state and outbox into the lines of the conversation: days, authors, bubbles, marks, events. Pure; drawing is next door.
import type { FileKind, FileShown } from '@balcao/files';
import type { Client } from '../client';
import type { Conversation, Entry, Upload } from '../protocol';
import type { Pending } from '../outbox';
import { partsOf, type Row } from '../state';
import type { Words } from './words';

export type Mark = 'waiting' | 'sending' | 'sent' | 'delivered' | 'read';

export type Line =
  | { kind: 'day' | 'note' | 'author'; key: string; text: string; own?: boolean }
  | { kind: 'protocol'; key: string; text: string; number: string }
  | {
      kind: 'bubble';
      key: string;
      text: string;
      own: boolean;
      at: string;
      isPending: boolean;
      /** Stored, or on its way: then `id` is the message's. */
      file?: FileShown | Waiting | null;
      id?: string;
    }
  | { kind: 'mark'; key: string; mark: Mark }
  | { kind: 'refused'; key: string; item: Pending }
  | { kind: 'typing'; key: string; text: string };

/** Messages of one author that are further apart get a new head line. */
const GROUP_WITHIN = 5 * 60_000;

/** Nothing for an event that this panel does not know. */
export function eventText({ code, name, target }: NonNullable<Entry['event']>, { t }: Words): string {
  const find = (key: string) => {
    const text = t(key, { name: name ?? '', target: target ?? '' });
    return text === key ? '' : text;
  };
  if (code === 'taken_back' && target) return find('event.taken_back_to');
  return (!(code === 'transferred' ? target : name) && find(`event.${code}_unnamed`)) || find('event.' + code);
}

export function markOf(item: Pending | Row, client: Client): Mark {
  if (!('seq' in item)) return item.isStored ? 'sent' : client.isReachable ? 'sending' : 'waiting';
  const { marks } = client.state;
  return item.seq <= marks.read ? 'read' : item.seq <= marks.delivered ? 'delivered' : 'sent';
}

/** `isHeld`: it was refused and is not on its way. */
export type Waiting = Upload & { isHeld: boolean };

/** A message in one line: its file's kind before its text. */
export const inLine = (text: string, file: { kind: FileKind } | null | undefined, { t }: Words): string =>
  file ? [t('kind.' + file.kind), text].filter(Boolean).join(' · ') : text;

/** What the home screen says about the conversation. */
export function summary(client: Client, words: Words): { text: string; at: string } | null {
  const pending = client.outbox.items.at(-1);
  if (pending)
    return { text: `${words.t('chat.you')}: ${inLine(pending.text, pending.upload, words)}`, at: pending.at };
  const row = client.state.rows.findLast((one) => one.kind === 'message' || (one.event && eventText(one.event, words)));
  if (!row) return null;
  if (row.event) return { text: eventText(row.event, words), at: row.at };
  const who = row.from === 'visitor' ? words.t('chat.you') : row.name;
  const text = inLine(row.text, row.file, words);
  return { text: who ? `${who}: ${text}` : text, at: row.at };
}

type Said = Omit<Extract<Line, { kind: 'bubble' }>, 'kind' | 'own'>;

/** Collects lines and puts days and authors over them. */
function collector(words: Words, self: string) {
  const all: Line[] = [];
  let day = '';
  let author = '';
  let last = 0;

  function startDay(at: string, key: string): void {
    const now = new Date(at).toDateString();
    if (now === day) return;
    day = now;
    author = '';
    all.push({ kind: 'day', key: 'day:' + key, text: words.dayOf(at) });
  }

  function note(at: string, key: string, text: string): void {
    if (!text) return;
    startDay(at, key);
    author = '';
    all.push({ kind: 'note', key, text });
  }

  /** Where a conversation begins. */
  function protocol(at: string, { id, protocol: number }: Conversation): void {
    startDay(at, 'of:' + id);
    author = '';
    all.push({ kind: 'protocol', key: 'protocol:' + id, text: words.t('chat.protocol', { protocol: number }), number });
  }

  /** `name`: who of the other side; null for the visitor. */
  function bubble({ key, at, text, isPending, file, id }: Said, name: string | null): void {
    startDay(at, key);
    const own = name === null;
    const time = Date.parse(at);
    const by = own ? 'own' : 'by ' + name;
    if (by !== author || time - last > GROUP_WITHIN) {
      const head = own ? words.time(at) : `${name || self} · ${words.time(at)}`;
      all.push({ kind: 'author', key: 'by:' + key, text: head, own });
    }
    author = by;
    last = time;
    all.push({ kind: 'bubble', key, text, own, at, isPending, file, id });
  }

  return { all, note, protocol, bubble };
}

export function linesOf(client: Client, words: Words, self: string): Line[] {
  const { rows, typing, conversation, earlier } = client.state;
  const { all, note, protocol, bubble } = collector(words, self);
  const pending = client.outbox.items.filter((item) => !rows.some((row) => row.id === item.id));
  const lastOwn = pending.at(-1) ?? rows.findLast((row) => row.from === 'visitor' && row.kind === 'message');

  const parts = partsOf(client.state);
  const first = new Map(parts.map((part) => [part.rows[0], part.conversation]));
  const shown = parts.flatMap((part) => part.rows);
  shown.forEach((row, index) => {
    const next = shown[index + 1];
    const key = row.id ? 'm:' + row.id : row.key;
    const begun = first.get(row);
    if (begun && !(earlier && begun === parts[0]?.conversation)) protocol(row.at, begun);
    // Of what happens with nothing said in between, the last is enough: what was undone at once was nothing.
    if (row.event) note(row.at, key, next?.event && !first.has(next) ? '' : eventText(row.event, words));
    else if (row.from === 'system') note(row.at, key, row.text);
    else
      bubble(
        { key, at: row.at, text: row.text, isPending: false, file: row.file },
        row.from === 'visitor' ? null : (row.name ?? ''),
      );
    if (row === lastOwn) all.push({ kind: 'mark', key: 'mark', mark: markOf(row, client) });
  });
  if (conversation?.state === 'closed')
    note(conversation.closed_at ?? rows.at(-1)?.at ?? new Date().toISOString(), 'closed', words.t('chat.closed'));
  for (const item of pending) {
    const { id, at, text, isStored, refused } = item;
    const file = item.shown ?? (item.upload && { ...item.upload, isHeld: !!refused });
    bubble({ key: 'm:' + id, at, text, isPending: !isStored, file, id }, null);
    if (item.refused) all.push({ kind: 'refused', key: 'no:' + item.id, item });
    else if (item === lastOwn) all.push({ kind: 'mark', key: 'mark', mark: markOf(item, client) });
  }
  if (typing !== null)
    all.push({ kind: 'typing', key: 'typing', text: words.t('chat.typing', { name: typing || self }) });
  return all;
}
