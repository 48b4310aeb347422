// The whole of a conversation, and its lines as they go on paper.
import type { ConversationDetail, FileShown, Message } from '@balcao/api';
import { api } from '../../api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { eventText } from './lines';

export type PaperLine =
  | { type: 'day'; key: string; at: string }
  | { type: 'system'; key: string; at: string; text: string }
  | {
      type: 'message';
      key: string;
      at: string;
      name: string;
      text: string;
      file: FileShown | null;
      isNote: boolean;
    };

export interface Whole {
  row: ConversationDetail;
  department: string;
  assignee: string;
  labels: string[];
  messages: Message[];
}

/** With every message, fetched from the newest to the oldest. */
export async function wholeConversation(id: string): Promise<Whole> {
  const [{ conversation, messages, has_earlier }, departments, agents, labels] = await Promise.all([
    api.conversation(id),
    api.departments(),
    api.agents(),
    api.labels(),
  ]);
  const pages = [messages];
  let hasEarlier = has_earlier;
  while (hasEarlier) {
    const before = pages.at(-1)?.[0]?.position ?? 0;
    const earlier = await api.earlierMessages(id, before, undefined, 200);
    pages.push(earlier.items);
    hasEarlier = earlier.has_earlier && earlier.items.length > 0;
  }
  const department = departments.items.find((one) => one.id === conversation.department_id)?.name ?? '';
  const assignee = agents.items.find((one) => one.id === conversation.assignee_id)?.name ?? '';
  const named = new Map(labels.items.map((label) => [label.id, label.name]));
  return {
    row: conversation,
    department,
    assignee,
    labels: conversation.labels.flatMap(({ id }) => named.get(id) ?? []),
    messages: pages.reverse().flat(),
  };
}

export function paper(messages: readonly Message[], contact: string, withNotes: boolean): PaperLine[] {
  const lines: PaperLine[] = [];
  let day = '';
  for (const message of withNotes ? messages : settled(messages)) {
    const line = lineOf(message, contact);
    if (!line) continue;
    const next = format.dayKey(message.at);
    if (next !== day) lines.push({ type: 'day', key: `day-${next}`, at: message.at });
    day = next;
    lines.push(line);
  }
  return lines;
}

/** How soon a closing can be undone. */
const UNDO = 60_000;

/** Without notes, and without what was undone a moment later: the same as in the PDF. */
function settled(messages: readonly Message[]): Message[] {
  const all: Message[] = [];
  for (const message of messages) {
    if (message.kind === 'note') continue;
    const from = undoneBy(all, message);
    if (from < 0) all.push(message);
    else all.length = from;
  }
  return all;
}

/** From which line on this one undoes what was done, with nothing said in between; -1 where it does not. */
function undoneBy(before: readonly Message[], { event, at }: Message): number {
  if (event?.code !== 'taken_back' && event?.code !== 'reopened') return -1;
  const said = before.findLastIndex((line) => !line.event);
  const done = before.findLastIndex((line, index) => {
    if (index <= said || !line.event) return false;
    const { code, name } = line.event;
    if (event.code === 'taken_back') return code === 'transferred' || code === 'returned';
    return code === 'closed' && name === event.name && Date.parse(at) - Date.parse(line.at) < UNDO;
  });
  return done;
}

function lineOf({ position, kind, from, name, text, file, event, at }: Message, contact: string): PaperLine | null {
  const key = `p${position}`;
  if (kind === 'system' || from === 'system') {
    return event ? { type: 'system', key, at, text: eventText(event) } : null;
  }
  const author = from === 'visitor' ? contact : (name ?? t('console.event.someone'));
  return { type: 'message', key, at, name: author, text, file, isNote: kind === 'note' };
}
