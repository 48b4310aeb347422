// What the palette offers for a search: actions on the open conversation, settings, conversations.
import type { Component } from 'svelte';
import { isAbort, type ConversationRow, type FoundMessage, type Status } from '@balcao/api';
import { withRows } from '@balcao/live';
import { hasWords, wordExcerpt, wordsOf } from '@balcao/ui';
import ArrowLeftRight from '@lucide/svelte/icons/arrow-left-right';
import CircleCheck from '@lucide/svelte/icons/circle-check';
import CircleDot from '@lucide/svelte/icons/circle-dot';
import Hand from '@lucide/svelte/icons/hand';
import Keyboard from '@lucide/svelte/icons/keyboard';
import MessageSquare from '@lucide/svelte/icons/message-square';
import Moon from '@lucide/svelte/icons/moon';
import RotateCcw from '@lucide/svelte/icons/rotate-ccw';
import MessageSquareText from '@lucide/svelte/icons/message-square-text';
import Settings from '@lucide/svelte/icons/settings-2';
import Tag from '@lucide/svelte/icons/tag';
import Sun from '@lucide/svelte/icons/sun';
import Undo2 from '@lucide/svelte/icons/undo-2';
import UserRoundMinus from '@lucide/svelte/icons/user-round-minus';
import { api } from '../api';
import { session } from '../features/access/session.svelte';
import { tellRefusal } from '../features/shifts/refusal';
import { statusText } from '../features/agents/words';
import { contactName } from '../features/contacts/names';
import { find } from '../features/conversations/find.svelte';
import { keepingItems } from '../features/conversations/keeping';
import { opened } from '../features/conversations/opened.svelte';
import { labels } from '../features/labels/labels.svelte';
import { live } from '../features/live/live.svelte';
import { team } from '../features/routing/team.svelte';
import { format } from '../i18n/format.svelte';
import { t } from '../i18n/i18n.svelte';
import { isAllowed, isMeant, settingsGroups } from '../routes/settings-pages';
import { byName, fits } from './fits';
import { areas, placesInSight } from './palette-places';
import { router } from './router.svelte';
import { tellFailure } from './toasts';

export interface PaletteEntry {
  id: string;
  label: string;
  icon: Component<{ class?: string; 'aria-hidden'?: 'true' }>;
  detail?: string;
  /** Words it is also found by. */
  words?: string;
  /** What was said, with the words that were searched for. */
  line?: { text: string; words: readonly string[] };
  shortcut?: string;
  run: () => void;
}

const DELAY = 180;
const MOST_RECENT = 6;
const MOST_MESSAGES = 8;

export class PaletteSearch {
  search = $state('');
  /** Stays chosen when an answer puts others above it; without one it is the first. */
  #chosen = $state<string | null>(null);
  isAsking = $state(false);
  #found = $state.raw<ConversationRow[]>([]);
  #messages = $state.raw<FoundMessage[]>([]);
  #timer: ReturnType<typeof setTimeout> | undefined;
  #request: AbortController | null = null;
  #onhelp: () => void;

  groups = $derived.by(() => this.#groups());
  entries = $derived(this.groups.flatMap((group) => group.entries));
  active = $derived(this.entries.find((entry) => entry.id === this.#chosen) ?? this.entries[0]);

  constructor(onhelp: () => void) {
    this.#onhelp = onhelp;
  }

  type(text: string): void {
    this.search = text;
    this.#chosen = null;
    clearTimeout(this.#timer);
    this.#request?.abort();
    this.isAsking = text.trim() !== '';
    // What was found for another text is no answer to this one.
    this.#found = this.#messages = [];
    if (this.isAsking) this.#timer = setTimeout(() => void this.#ask(text.trim()), DELAY);
  }

  move(step: number): void {
    const index = this.active ? this.entries.indexOf(this.active) : 0;
    this.#chosen = this.entries.at((index + step) % Math.max(1, this.entries.length))?.id ?? null;
  }

  point(entry: PaletteEntry): void {
    this.#chosen = entry.id;
  }

  async #ask(search: string): Promise<void> {
    const { signal } = (this.#request = new AbortController());
    const asked = live.state;
    try {
      const lists = (['open', 'queue', 'closed'] as const).map((list) =>
        api.conversations({ list, search, limit: 5 }, signal),
      );
      const [said, ...pages] = await Promise.all([api.searchMessages(search, signal), ...lists]);
      if (signal.aborted) return;
      const rows = pages.flatMap((page) => page.items);
      live.update((state) => withRows(state, [...rows, ...said.items.map((found) => found.conversation)], asked));
      this.#keep(rows, said.items.slice(0, MOST_MESSAGES));
    } catch (error) {
      if (!signal.aborted && !isAbort(error)) this.#keep([], []);
    }
  }

  #keep(rows: ConversationRow[], messages: FoundMessage[]): void {
    this.#chosen ??= this.active?.id ?? null;
    this.#found = rows;
    this.#messages = messages;
    this.isAsking = false;
  }

  #groups(): { title: string; entries: PaletteEntry[] }[] {
    const hits = ({ label, detail = '', words = '' }: PaletteEntry) =>
      !this.search || fits(`${label} ${detail} ${words}`, this.search);
    return [
      { title: t('console.palette.actions'), entries: byName(this.#actions().filter(hits), this.search) },
      { title: t('console.nav.conversations'), entries: this.#conversations() },
      { title: t('console.palette.messages'), entries: this.#said() },
      { title: t('console.nav.settings'), entries: this.search ? this.#settings() : [] },
    ].filter((group) => group.entries.length);
  }

  #actions(): PaletteEntry[] {
    const actions: (PaletteEntry | false)[] = [
      opened.mayTake && {
        id: 'take',
        label: t('console.conversation.take'),
        icon: Hand,
        shortcut: 'T',
        run: () => void opened.take(),
      },
      opened.mayClose && {
        id: 'close',
        label: t('console.conversation.close'),
        icon: CircleCheck,
        shortcut: 'E',
        run: () => void opened.close(),
      },
      opened.mayTransfer && {
        id: 'transfer',
        label: t('console.transfer.open'),
        icon: ArrowLeftRight,
        shortcut: 'M',
        run: () => (opened.isTransferring = true),
      },
      opened.mayLabel &&
        opened.row !== null && {
          id: 'label',
          label: t('console.labels.choose'),
          icon: Tag,
          shortcut: 'L',
          words: t('console.labels.words'),
          run: () => (labels.isChoosing = true),
        },
      opened.mayReturn && {
        id: 'return',
        label: t('console.conversation.return'),
        icon: Undo2,
        run: () => void opened.returnToQueue(),
      },
      opened.mayReopen && {
        id: 'reopen',
        label: t('console.conversation.reopen'),
        icon: RotateCcw,
        run: () => void opened.reopen(),
      },
      ...(opened.row ? keepingItems(opened.row) : []),
      ...(['online', 'away', 'offline'] as const).map((status) => this.#statusAction(status)),
      ...areas(),
      ...(this.search ? placesInSight() : []),
      ...this.#handOvers(),
      {
        id: 'light',
        label: t('console.palette.lightTheme'),
        icon: Sun,
        run: () => void session.change({ theme: 'light' }).catch(tellFailure),
      },
      {
        id: 'dark',
        label: t('console.palette.darkTheme'),
        icon: Moon,
        run: () => void session.change({ theme: 'dark' }).catch(tellFailure),
      },
      { id: 'help', label: t('console.help.title'), icon: Keyboard, shortcut: '?', run: () => this.#onhelp() },
    ];
    return actions.filter((action) => action !== false);
  }

  #statusAction(status: Status): PaletteEntry | false {
    if (session.me.status === status) return false;
    const label = t('console.palette.status', { status: statusText(status) });
    return {
      id: `status-${status}`,
      label,
      icon: CircleDot,
      run: () => void session.changeStatus(status).catch(tellRefusal),
    };
  }

  /** One for each colleague: asked for by what is done, since a name alone rather looks for a contact. */
  #handOvers(): PaletteEntry[] {
    const done = t('console.handOver.action');
    if (!wordsOf(this.search).some((word) => hasWords(done, [word]))) return [];
    return team.burdened.map(({ agent, open, waiting }) => {
      const detail = t('console.handOver.text', { count: open });
      return {
        id: `hand-over-${agent.id}`,
        label: t('console.handOver.open', { name: agent.name }),
        icon: UserRoundMinus,
        detail: waiting ? `${detail} ${t('console.handOver.waiting', { count: waiting })}` : detail,
        run: () => (team.handed = agent),
      };
    });
  }

  #settings(): PaletteEntry[] {
    const found = settingsGroups()
      .flatMap((group) => group.pages)
      .filter(isAllowed)
      .flatMap(({ id, title, words, parts = [] }) => [
        { id, title, words },
        ...parts.map((part) => ({ ...part, id: `${id}/${part.path}` })),
      ])
      .filter((place) => isMeant(place, this.search))
      .map(({ id, title }) => ({
        id,
        label: title,
        icon: Settings,
        run: () => void router.go(`/settings/${id}`),
      }));
    return byName(found, this.search);
  }

  #conversations(): PaletteEntry[] {
    const rows = this.search ? this.#found : this.#recent();
    return rows.map((row) => ({
      id: row.id,
      label: contactName(row.contact),
      icon: MessageSquare,
      detail: row.protocol,
      run: () => void router.go(`/conversations/${row.id}`),
    }));
  }

  #said(): PaletteEntry[] {
    if (!this.search) return [];
    const words = wordsOf(this.search);
    return this.#messages.map(({ conversation, message }) => ({
      id: `${conversation.id}-${message.position}`,
      label: contactName(conversation.contact),
      icon: MessageSquareText,
      detail: format.brief(message.at),
      line: { text: wordExcerpt(message.text, words), words },
      run: () => void this.#openAt(conversation.id, message.position),
    }));
  }

  /** Opens the conversation where it was said, with the search still in hand. */
  async #openAt(id: string, position: number): Promise<void> {
    const { search } = this;
    await router.go(`/conversations/${id}`);
    if (router.path === `/conversations/${id}`) find.openIn(id, search, position);
  }

  #recent(): ConversationRow[] {
    return [...live.state.conversations.values()]
      .filter((row) => row.state === 'open' && row.assignee_id === session.me.id)
      .sort((a, b) => ((a.last_message?.at ?? '') < (b.last_message?.at ?? '') ? 1 : -1))
      .slice(0, MOST_RECENT);
  }
}
