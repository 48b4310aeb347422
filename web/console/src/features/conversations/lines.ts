// Sentences about what happened: the last line of a row, and system lines in the timeline.
import type { ConversationRow, LastMessage, Message } from '@balcao/api';
import { format } from '../../i18n/format.svelte';
import { t } from '../../i18n/i18n.svelte';
import { session } from '../access/session.svelte';
import { firstName } from '../contacts/names';
import { withKind } from '../files/words';

export function lastLineOf(row: ConversationRow): string {
  const last = row.last_message;
  if (!last) return nothingLeft(row);
  const text = shortOf(last);
  if (last.from === 'agent') {
    const who =
      last.name === session.me.name ? t('console.list.you') : firstName(last.name ?? t('console.filter.someone'));
    return t('console.list.said', { who, text });
  }
  return text || t('console.timeline.erased');
}

/** Without saying who: in the list of earlier conversations. */
export function lastLineText(row: Pick<ConversationRow, 'last_message' | 'last_position'>): string {
  return (row.last_message && shortOf(row.last_message)) || nothingLeft(row);
}

/** Where something was said, and is gone, it says so as the timeline does. */
function nothingLeft({ last_position }: Pick<ConversationRow, 'last_position'>): string {
  return last_position > 0 ? t('console.timeline.erased') : t('console.list.noMessages');
}

/** A document is known by its name; a picture or a sound without words by what it is. */
function shortOf({ file, file_name, text }: LastMessage): string {
  const words = text.replace(/\s+/gu, ' ');
  return file === 'file' && !words && file_name ? file_name : withKind(file, words);
}

export function eventText(event: NonNullable<Message['event']>): string {
  const name = event.name ?? t('console.event.someone');
  switch (event.code) {
    case 'taken':
      return t('console.event.taken', { name });
    case 'assigned':
      return t('console.event.assigned', { name });
    case 'closed':
      return t('console.event.closed', { name });
    case 'closed_by_visitor':
      return t('console.event.closedByVisitor');
    case 'returned':
      return t('console.event.returned', { name });
    case 'returned_by_visitor':
      return t('console.event.returnedByVisitor');
    case 'reopened':
      // Before the visitor's had a code of their own, they were the ones without a name.
      return event.name ? t('console.event.reopened', { name }) : t('console.event.reopenedByVisitor');
    case 'reopened_by_visitor':
      return t('console.event.reopenedByVisitor');
    case 'transferred':
      // Whoever moves it to themselves takes it over.
      return event.target === event.name
        ? t('console.event.taken', { name })
        : t('console.event.transferred', { name, target: event.target ?? '' });
    case 'taken_back':
      return event.target
        ? t('console.event.takenBackTo', { name, target: event.target })
        : t('console.event.takenBack', { name });
    case 'idle_warning':
      return t('console.event.idleWarning', { time: format.duration(60_000 * Number(event.target)) });
    case 'closed_idle':
      return t('console.event.closedIdle');
    case 'agent_idle':
      return t('console.event.agentIdle', { name });
    case 'returned_idle':
      return t('console.event.returnedIdle', { name });
    case 'overflowed':
      return t('console.event.overflowed', { name, target: event.target ?? '' });
    case 'initial':
    case 'queued':
      return t('console.event.automatic', { text: event.target ?? '' });
    default:
      event.code satisfies never;
      return t('console.event.changed');
  }
}
