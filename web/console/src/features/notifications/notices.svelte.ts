// What an agent is told about: a new conversation in their departments, one that was given to them, a new message in one of their own.
import type { ConversationRow } from '@balcao/api';
import type { LiveState, StateFrame } from '@balcao/live';
import { t } from '../../i18n/i18n.svelte';
import { router } from '../../shell/router.svelte';
import { toasts } from '../../shell/toasts';
import { title } from '../../shell/title.svelte';
import { session } from '../access/session.svelte';
import { contactName } from '../contacts/names';
import { lastLineText } from '../conversations/lines';
import { lists } from '../conversations/lists.svelte';
import { isMine, mine } from '../conversations/mine.svelte';
import { opened } from '../conversations/opened.svelte';
import { withKind } from '../files/words';
import { live } from '../live/live.svelte';
import { handedTo, type Handed } from './handed';
import { play } from './tone';

/** What comes within this time is one piece of news. */
const GATHER = 400;

class Notices {
  #handed: Handed[] = [];
  #gathering: ReturnType<typeof setTimeout> | undefined;
  permission = $state<NotificationPermission | 'missing'>(
    'Notification' in globalThis ? Notification.permission : 'missing',
  );

  start(): () => void {
    const stops = [live.whenFrame((frame, before) => this.#hear(frame, before)), mine.start()];
    const root = $effect.root(() => {
      $effect(() => {
        title.count = mine.unread + live.state.counters.queue;
      });
    });
    return () => {
      stops.forEach((stop) => stop());
      root();
    };
  }

  /** Only ever called by a click. */
  async ask(): Promise<void> {
    this.permission = await Notification.requestPermission();
  }

  #hear(frame: StateFrame, before: LiveState): void {
    if (frame.t !== 'event') return;
    const { event } = frame;
    const known = 'conversation' in event && typeof event.conversation === 'object' ? event.conversation.id : '';
    const handed = handedTo(session.me.id, frame, before.conversations.get(known));
    if (handed) return this.#gather(handed);
    if (event.kind === 'conversation_opened' && event.conversation.state === 'queue') {
      if (isInMyDepartments(event.conversation)) this.#tell('conversation', event.conversation);
    } else if (event.kind === 'message_added' && event.message.from === 'visitor' && event.message.kind === 'text') {
      const row = live.state.conversations.get(event.conversation);
      if (row && isMine(row) && !isBeingRead(row))
        this.#tell('message', row, withKind(event.message.file?.kind ?? null, event.message.text));
    }
  }

  /** Many at once, as when somebody's conversations are handed on, are told once. */
  #gather(handed: Handed): void {
    if (this.#handed.some(({ row }) => row.id === handed.row.id)) return;
    this.#handed.push(handed);
    clearTimeout(this.#gathering);
    this.#gathering = setTimeout(() => this.#tellHanded(), GATHER);
  }

  #tellHanded(): void {
    const all = this.#handed.splice(0);
    const last = all.at(-1);
    if (!last) return;
    const { row, by } = last;
    const name = contactName(row.contact);
    const one = by ? t('console.notice.transferred', { name, by }) : t('console.notice.assigned', { name });
    const text = all.length === 1 ? one : t('console.notice.handed', { count: all.length });
    this.#alert('conversation', row, text, lastLineText(row.last_message));
    if (opened.id === row.id && all.length === 1) return;
    const open = () => (all.length === 1 ? void router.go(`/conversations/${row.id}`) : showMine());
    toasts.say(text, { label: t('console.notice.open'), run: open });
  }

  #tell(kind: 'conversation' | 'message', row: ConversationRow, text = lastLineText(row.last_message)): void {
    const name = contactName(row.contact);
    this.#alert(kind, row, kind === 'conversation' ? t('console.notice.conversation', { name }) : name, text);
  }

  #alert(kind: 'conversation' | 'message', row: ConversationRow, heading: string, text: string): void {
    const { sound, notify } = session.me;
    if (sound) play(kind);
    if (!notify || this.permission !== 'granted' || document.visibilityState === 'visible') return;
    // One notification per conversation: the newest replaces the one before.
    const notification = new Notification(heading, { body: text.slice(0, 160), tag: row.id, icon: '/icon.svg' });
    notification.onclick = () => {
      window.focus();
      void router.go(`/conversations/${row.id}`);
      notification.close();
    };
  }
}

function showMine(): void {
  lists.choose('open');
  lists.filterAgent('me');
  void router.go('/conversations');
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
