// What an agent is told about: a new conversation in their departments, a new message in one of their own.
import type { ConversationRow } from '@balcao/api';
import type { StateFrame } from '@balcao/live';
import { t } from '../../i18n/i18n.svelte';
import { router } from '../../shell/router.svelte';
import { title } from '../../shell/title.svelte';
import { session } from '../access/session.svelte';
import { contactName } from '../contacts/names';
import { lastLineText } from '../conversations/lines';
import { opened } from '../conversations/opened.svelte';
import { withKind } from '../files/words';
import { live } from '../live/live.svelte';
import { play } from './tone';

class Notices {
  permission = $state<NotificationPermission | 'missing'>(
    'Notification' in globalThis ? Notification.permission : 'missing',
  );

  start(): () => void {
    const stop = live.whenFrame((frame) => this.#hear(frame));
    const root = $effect.root(() => {
      $effect(() => {
        const unread = [...live.state.conversations.values()].filter((row) => isMine(row) && row.unread > 0);
        title.count = unread.length + live.state.counters.queue;
      });
    });
    return () => {
      stop();
      root();
    };
  }

  /** Only ever called by a click. */
  async ask(): Promise<void> {
    this.permission = await Notification.requestPermission();
  }

  #hear(frame: StateFrame): void {
    if (frame.t !== 'event') return;
    const { event } = frame;
    if (event.kind === 'conversation_opened' && event.conversation.state === 'queue') {
      if (isInMyDepartments(event.conversation)) this.#tell('conversation', event.conversation);
    } else if (event.kind === 'message_added' && event.message.from === 'visitor' && event.message.kind === 'text') {
      const row = live.state.conversations.get(event.conversation);
      if (row && isMine(row) && !isBeingRead(row))
        this.#tell('message', row, withKind(event.message.file?.kind ?? null, event.message.text));
    }
  }

  #tell(kind: 'conversation' | 'message', row: ConversationRow, text = lastLineText(row.last_message)): void {
    const { sound, notify } = session.me;
    if (sound) play(kind);
    if (!notify || this.permission !== 'granted' || document.visibilityState === 'visible') return;
    const name = contactName(row.contact);
    const heading = kind === 'conversation' ? t('console.notice.conversation', { name }) : name;
    // One notification per conversation: the newest replaces the one before.
    const notification = new Notification(heading, { body: text.slice(0, 160), tag: row.id, icon: '/icon.svg' });
    notification.onclick = () => {
      window.focus();
      void router.go(`/conversations/${row.id}`);
      notification.close();
    };
  }
}

function isMine(row: ConversationRow): boolean {
  return row.state === 'open' && row.assignee_id === session.me.id;
}

/** Somebody without departments of their own (an administrator) hears of all. */
function isInMyDepartments(row: ConversationRow): boolean {
  const { departments } = session.me;
  return departments.length === 0 || departments.some((department) => department.id === row.department_id);
}

function isBeingRead(row: ConversationRow): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && opened.id === row.id;
}

export const notices = new Notices();
