// Turns messages into what the timeline draws: days, system lines, notes, and groups of one author.
import type { FileShown, Message, Sender } from '@balcao/api';
import type { Unsent } from '@balcao/live';

export interface Bubble {
  key: string;
  text: string;
  file: FileShown | null;
  seq: number | null;
  /** Its place in the timeline, once it is stored. */
  position: number | null;
  unsent: Unsent | null;
}

export type TimelineItem =
  | { type: 'day'; key: string; at: string }
  | { type: 'system'; key: string; at: string; event: NonNullable<Message['event']> }
  | {
      /** Internal notes are a group of their own: they never mix with what the visitor sees. */
      type: 'group' | 'notes';
      key: string;
      at: string;
      from: Exclude<Sender, 'system'>;
      name: string | null;
      authorId: string | null;
      bubbles: Bubble[];
    };

export type Group = Extract<TimelineItem, { bubbles: Bubble[] }>;

const APART = 5 * 60_000;

/** Stable keys: by client id while unsent and after, so that a bubble does not move when it is acknowledged. */
function keyOf(message: Message): string {
  return message.client_id ?? `p${message.position}`;
}

export function grouped(
  messages: readonly Message[],
  unsent: readonly Unsent[],
  own: { id: string; name: string },
  dayKey: (at: string) => string,
): TimelineItem[] {
  const items: TimelineItem[] = [];
  let day = '';
  const place = (at: string): void => {
    if (dayKey(at) === day) return;
    day = dayKey(at);
    items.push({ type: 'day', key: `day-${day}`, at });
  };
  for (const message of messages) {
    place(message.at);
    const item = itemOf(message);
    if (item) add(items, item);
  }
  const known = new Set(messages.map((message) => message.client_id));
  for (const item of unsent.filter((one) => !known.has(one.clientId))) {
    place(item.at);
    addUnsent(items, item, own);
  }
  return items;
}

function itemOf(message: Message): TimelineItem | null {
  const { at, name, author_id: authorId, text, file, seq, position } = message;
  const key = keyOf(message);
  if (message.kind === 'system' || message.from === 'system') {
    return message.event ? { type: 'system', key, at, event: message.event } : null;
  }
  const type = message.kind === 'note' ? 'notes' : 'group';
  return {
    type,
    key,
    at,
    from: message.from,
    name,
    authorId,
    bubbles: [{ key, text, file, seq, position, unsent: null }],
  };
}

function addUnsent(items: TimelineItem[], unsent: Unsent, own: { id: string; name: string }): void {
  const { clientId: key, at, text } = unsent;
  const type = unsent.kind === 'note' ? 'notes' : 'group';
  const bubbles = [{ key, text, file: null, seq: null, position: null, unsent }];
  add(items, { type, key, at, from: 'agent', name: own.name, authorId: own.id, bubbles });
}

/** The same author within five minutes goes on with the group above. */
function add(items: TimelineItem[], next: TimelineItem): void {
  const last = items.at(-1);
  if (isGroup(last) && isGroup(next) && goesOn(last, next)) last.bubbles.push(...next.bubbles);
  else items.push(next);
}

const isGroup = (item: TimelineItem | undefined): item is Group => item !== undefined && 'bubbles' in item;

function goesOn(last: Group, next: Group): boolean {
  const isSame = last.type === next.type && last.from === next.from && last.authorId === next.authorId;
  return isSame && Date.parse(next.at) - Date.parse(last.at) < APART;
}

export type Delivery = 'sending' | 'sent' | 'delivered' | 'read';

export function deliveryOf(bubble: Bubble, visitor: { delivered: number; read: number }): Delivery {
  if (bubble.seq === null) return 'sending';
  if (bubble.seq <= visitor.read) return 'read';
  return bubble.seq <= visitor.delivered ? 'delivered' : 'sent';
}
