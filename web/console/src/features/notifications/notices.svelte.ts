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
import { mayTake } from '../projects/levels';
import { handedTo, lostBy, type Handed, type Lost } from './handed';
import { play } from './tone';

/** What comes within this time is one piece of news. */
const GATHER = 400;

/** Many at once, as when somebody's conversations are handed on, are told once; what has changed again meanwhile as it is now. */
class Gathered<One extends { row: ConversationRow }> {
  #all: One[] = [];
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(private readonly tell: (all: One[]) => void) {}

  add(one: One): void {
    this.#all = [...this.#all.filter(({ row }) => row.id !== one.row.id), one];
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.tell(this.#all.splice(0)), GATHER);
  }
}

class Notices {
  #handed = new Gathered<Handed>((all) => this.#tellHanded(all));
  #lost = new Gathered<Lost>(tellLost);
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
    const about = 'conversation' in event ? event.conversation : '';
    const known = typeof about === 'string' ? about : about.id;
    const held = before.conversations.get(known);
    // What others have changed meanwhile is not undone any more; what distribution gives away still is.
    if ('actor' in event && event.actor.kind !== 'system' && event.actor.id !== session.me.id) toasts.forget(known);
    const handed = handedTo(session.me.id, frame, held);
    if (handed) return this.#handed.add(handed);
    const lost = lostBy(session.me.id, frame, held);
    if (lost) return this.#lost.add(lost);
    if (event.kind === 'conversation_opened' && event.conversation.state === 'queue') {
      if (isForMe(event.conversation)) this.#tell('conversation', event.conversation);
    } else if (event.kind === 'message_added' && event.message.event?.code === 'agent_idle') {
      const row = live.state.conversations.get(event.conversation);
      if (row && isMine(row)) this.#tellIdle(row);
    } else if (event.kind === 'message_added' && event.message.from === 'visitor' && event.message.kind === 'text') {
      const row = live.state.conversations.get(event.conversation);
      if (row && isMine(row) && !isBeingRead(row))
        this.#tell('message', row, withKind(event.message.file?.kind ?? null, event.message.text));
    }
  }

  #tellHanded(all: Handed[]): void {
    const last = all.at(-1);
    if (!last) return;
    const { row, by } = last;
    const name = contactName(row.contact);
    const one = by ? t('console.notice.transferred', { name, by }) : t('console.notice.assigned', { name });
    const text = all.length === 1 ? one : t('console.notice.handed', { count: all.length });
    this.#alert('conversation', row, text, lastLineText(row));
    if (all.length > 1) return toasts.say(text, { label: t('console.notice.open'), run: showMine });
    const open = { label: t('console.notice.open'), run: () => void router.go(`/conversations/${row.id}`) };
    toasts.say(text, opened.id === row.id ? null : open, row.id);
  }

  /** A visitor has waited as long as the company lets them. */
  #tellIdle(row: ConversationRow): void {
    const text = t('console.notice.idle', { name: contactName(row.contact) });
    this.#alert('message', row, text, lastLineText(row));
    const open = { label: t('console.notice.open'), run: () => void router.go(`/conversations/${row.id}`) };
    toasts.say(text, opened.id === row.id ? null : open, row.id);
  }

  #tell(kind: 'conversation' | 'message', row: ConversationRow, text = lastLineText(row)): void {
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

const LOST = {
  taken: 'console.notice.lost.taken',
  takenBack: 'console.notice.lost.takenBack',
  moved: 'console.notice.lost.moved',
  closed: 'console.notice.lost.closed',
  visitor: 'console.notice.lost.visitor',
} as const;

function tellLost(all: Lost[]): void {
  const [one, ...others] = all;
  if (!one) return;
  if (others.length) return toasts.say(t('console.notice.lost.many', { count: all.length }));
  const { id } = one.row;
  const open = { label: t('console.notice.open'), run: () => void router.go(`/conversations/${id}`) };
  const isSeen = live.state.conversations.has(id) && opened.id !== id;
  toasts.say(t(LOST[one.how], { by: one.by ?? '', name: contactName(one.row.contact) }), isSeen ? open : null, id);
}

function showMine(): void {
  lists.choose('open');
  lists.filterAgent('me');
  void router.go('/conversations');
}

/** Somebody without departments of their own (an administrator) hears of all; nobody of what their level may not have. */
function isForMe(row: ConversationRow): boolean {
  const { departments } = session.me;
  const isMine = departments.length === 0 || departments.some((department) => department.id === row.department_id);
  return isMine && mayTake(session.me, row, live.state);
}

function isBeingRead(row: ConversationRow): boolean {
  return document.visibilityState === 'visible' && document.hasFocus() && opened.id === row.id;
}

export const notices = new Notices();
