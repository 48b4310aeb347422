// The conversation on screen, and everything that can be done with it. What was opened once opens again at once.
import {
  isAbort,
  isApiError,
  type ConversationDetail,
  type ConversationRow,
  type Department,
  type Transfer,
} from '@balcao/api';
import {
  forgetTimelines,
  withEarlier,
  withOpened,
  withoutConversation,
  withRows,
  type DeskEvent,
  type StateFrame,
} from '@balcao/live';
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { tellFailure, toasts } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { isSwitchedOn } from '../departments/seen';
import { live } from '../live/live.svelte';
import { levelIn, mayTake } from '../projects/levels';
import { isMine } from './mine.svelte';

type LoadState = 'loading' | 'ready' | 'failed' | 'missing' | 'forbidden';

class OpenedConversation {
  /** The conversation that was opened. */
  home = $state<string | null>(null);
  /** The one on screen: an earlier one of the same contact may be read in its place. */
  id = $state<string | null>(null);
  #states = new SvelteMap<string, LoadState>();
  #details = new SvelteMap<string, ConversationDetail>();
  #request: AbortController | null = null;
  #earlier: Promise<boolean> | null = null;
  isLoadingEarlier = $state(false);
  isTransferring = $state(false);
  /** The one that was just chosen in the list: whoever may answer it goes on to write. */
  chosen = $state<string | null>(null);
  /** Something that was done has not been answered yet. */
  isActing = $state(false);

  isEarlier = $derived(this.id !== this.home);
  homeRow = $derived(this.home ? (live.state.conversations.get(this.home) ?? null) : null);
  homeDetail = $derived(this.home ? (this.#details.get(this.home) ?? null) : null);
  row = $derived(this.id ? (live.state.conversations.get(this.id) ?? null) : null);
  timeline = $derived(this.id ? (live.state.timelines.get(this.id) ?? null) : null);
  state = $derived<LoadState>((this.id && this.#states.get(this.id)) || 'loading');

  isMine = $derived(this.row?.state === 'open' && this.row.assignee_id === session.me.id);
  /** Who serves it, where that is somebody else. */
  colleague = $derived(this.row?.state === 'open' && !this.isMine ? this.row.assignee_id : null);
  /** An earlier one is only read. */
  #state = $derived(this.isEarlier ? null : this.row?.state);
  #isUnderWay = $derived(this.#state !== null && this.#state !== undefined && this.#state !== 'closed');
  /** As the server has it: what is nobody else's, and what one manages. */
  #mayServe = $derived.by(() => !this.colleague || this.#mayManage());
  /** What waits is not for everybody: Level 2 has only what was handed on. Null where it is. */
  barred = $derived.by(() => this.#barred());
  mayTake = $derived(this.#state === 'queue' && !this.barred && session.may('conversations_take'));
  mayTransfer = $derived(this.#isUnderWay && this.#mayServe && session.may('conversations_close'));
  mayClose = $derived(this.mayTransfer && (!this.barred || this.#mayManage()) && this.#isOn('may_close'));
  /** What the department lets its people send to visitors (Z-125). */
  maySendFiles = $derived(this.#isOn('may_send_files'));
  maySendVoice = $derived(this.#isOn('may_send_voice'));
  mayReturn = $derived(this.#state === 'open' && this.#mayServe && session.may('conversations_close'));
  mayReopen = $derived(this.#state === 'closed' && session.may('conversations_close'));
  mayReply = $derived(this.#isUnderWay && this.#mayServe && !this.barred && session.may('conversations_reply'));
  mayLabel = $derived(this.row !== null && !this.isEarlier && session.may('conversations_reply'));
  mayNote = $derived(!this.isEarlier && session.may('conversations_reply'));

  #barred(): 'level' | 'specialists' | null {
    const { row } = this;
    if (row?.state !== 'queue' || mayTake(session.me, row, live.state)) return null;
    return levelIn(session.me, row.department_id, live.state) === null ? 'specialists' : 'level';
  }

  /** Whether the department lets its people do it; whoever manages it may. */
  #isOn(name: keyof Department['switches']): boolean {
    return this.row === null || isSwitchedOn(this.row.department_id, name);
  }

  #mayManage(): boolean {
    return this.row !== null && session.managesIn(this.row.department_id);
  }

  start(): () => void {
    const stops = [live.whenSnapshot(() => void this.#fetch()), live.whenFrame((frame) => this.#hear(frame))];
    return () => stops.forEach((stop) => stop());
  }

  #hear(frame: StateFrame): void {
    if (frame.t === 'event' && frame.event.kind === 'conversation_gone')
      this.#states.set(frame.event.conversation, 'forbidden');
    if (frame.t === 'event' && this.#isAsked(frame.event)) void this.#fetch();
    // What was handed elsewhere has come back.
    if (frame.t === 'event' && this.state === 'forbidden' && this.row) this.retry();
    if (frame.t !== 'page') return;
    const detail = this.#details.get(frame.conversation);
    const pages = frame.pages ?? detail?.pages ?? [];
    if (detail) this.#details.set(frame.conversation, { ...detail, page: frame.page, pages });
  }

  /** Whether the visitor has just been asked how it was, is asked no more, or has answered. */
  #isAsked(event: DeskEvent): boolean {
    if (event.kind === 'conversation_rated') return event.conversation.id === this.id;
    const isTurn = event.kind === 'conversation_closed' || event.kind === 'conversation_reopened';
    return isTurn && event.conversation.id === this.id && session.managesIn(event.conversation.department_id);
  }

  /** `earlier`: one of the same contact, to be read in the place of the one that stays open. */
  show(home: string | null, earlier: string | null = null): void {
    this.home = home;
    const id = (home && earlier) || home;
    if (id === this.id) return;
    this.id = id;
    this.isTransferring = false;
    live.watch([...new Set([home, id].filter((one) => one !== null))]);
    if (id) void this.#fetch();
  }

  /** Also where something was not sent to us: what we have stays on screen meanwhile. */
  retry(): void {
    void this.#fetch();
  }

  /** What stands beside a timeline goes with it. */
  #forget(): void {
    for (const id of this.#states.keys()) {
      if (live.state.timelines.has(id)) continue;
      this.#states.delete(id);
      this.#details.delete(id);
    }
  }

  async #fetch(): Promise<void> {
    const id = this.id;
    if (!id) return;
    this.#request?.abort();
    const request = (this.#request = new AbortController());
    if (!live.state.timelines.has(id)) this.#states.set(id, 'loading');
    try {
      const asked = live.state;
      const opened = await api.conversation(id, request.signal);
      live.update((state) => forgetTimelines(withOpened(state, opened, asked), id));
      this.#details.set(id, opened.conversation);
      this.#states.set(id, live.state.conversations.has(id) ? 'ready' : 'forbidden');
      this.#forget();
    } catch (error) {
      if (!isAbort(error)) this.#states.set(id, this.#stateAfter(id, error));
    }
  }

  #stateAfter(id: string, error: unknown): LoadState {
    if (isApiError(error) && error.status === 404) return 'missing';
    if (isApiError(error) && error.status === 403) return 'forbidden';
    return live.state.timelines.has(id) ? 'ready' : 'failed';
  }

  /** Answers whether something came. Whoever asks meanwhile waits for the same answer. */
  loadEarlier(): Promise<boolean> {
    this.#earlier ??= this.#loadEarlier().finally(() => {
      this.#earlier = null;
      this.isLoadingEarlier = false;
    });
    return this.#earlier;
  }

  async #loadEarlier(): Promise<boolean> {
    const { id, timeline } = this;
    const first = timeline?.messages[0]?.position;
    if (!id || !timeline?.hasEarlier || first === undefined) return false;
    this.isLoadingEarlier = true;
    try {
      const page = await api.earlierMessages(id, first);
      live.update((state) => withEarlier(state, id, page.items, page.has_earlier));
      return true;
    } catch (error) {
      tellFailure(error);
      return false;
    }
  }

  async take(): Promise<boolean> {
    if (!this.mayTake) return false;
    return this.#act(api.take, { state: 'open', assignee_id: session.me.id, taken_at: now(), queued_at: null });
  }

  async close(): Promise<boolean> {
    const id = this.id;
    if (!id || !this.mayClose) return false;
    const before = this.row;
    const done = await this.#act(api.close, { state: 'closed', closed_at: now() });
    const undo = { label: t('console.action.undo'), run: () => void this.#restore(id, before) };
    if (done) toasts.say(t('console.conversation.closed'), undo, id);
    return done;
  }

  /** As it was before it was closed: whose it was, or its place in the queue. */
  async #restore(id: string, before: ConversationRow | null): Promise<void> {
    const { state, assignee_id, queued_at, taken_at } = before ?? {};
    if (await this.#act(api.restore, { state, assignee_id, queued_at, taken_at, closed_at: null }, id))
      toasts.say(restoredText(), null, id);
  }

  /** Throws where it is refused: whoever asked knows what can be done about it. */
  async transfer(id: string, to: Transfer): Promise<ConversationRow> {
    const row = await api.transfer(id, to);
    live.update((state) => (session.sees(row) ? withRows(state, [row]) : withoutConversation(state, id)));
    return row;
  }

  async returnToQueue(): Promise<boolean> {
    const before = this.row;
    if (!before || !this.mayReturn) return false;
    const done = await this.#act(api.returnToQueue, {
      state: 'queue',
      assignee_id: null,
      taken_at: null,
      queued_at: now(),
    });
    const said = t('console.conversation.returnUndone');
    const undo = { label: t('console.action.undo'), run: () => void this.takeBack(before, said) };
    if (done) toasts.say(t('console.conversation.returned'), undo, before.id);
    return done;
  }

  /** One's own transfer or return, as it was before, and what is said then; refused once somebody has taken or answered it. */
  async takeBack(before: ConversationRow, said: string): Promise<void> {
    const { id, state, department_id, assignee_id, queued_at, taken_at } = before;
    if (await this.#act(api.takeBack, { state, department_id, assignee_id, queued_at, taken_at }, id))
      toasts.say(said, null, id);
  }

  async reopen(id: string | null = this.id): Promise<boolean> {
    return this.#act(api.reopen, { state: 'open', assignee_id: session.me.id, closed_at: null, taken_at: now() }, id);
  }

  /** Shown at once, confirmed by the answer, taken back with a sentence when it is refused; then it is known how it is instead. */
  async #act(
    operation: (id: string) => Promise<ConversationRow>,
    shown: Partial<ConversationRow>,
    id: string | null = this.id,
  ): Promise<boolean> {
    if (!id) return false;
    const takeBack = live.patchRow(id, shown);
    toasts.forget(id);
    this.isActing = true;
    try {
      const row = await operation(id);
      live.update((state) => withRows(state, [row]));
      return true;
    } catch (error) {
      takeBack();
      this.#tell(error);
      await this.#fetch();
      return false;
    } finally {
      this.isActing = false;
    }
  }

  #tell(error: unknown): void {
    const name = isApiError(error) && error.code === 'already_taken' ? error.detail.agent_name : null;
    if (typeof name === 'string') toasts.fail(t('console.conversation.alreadyTaken', { name }));
    else tellFailure(error);
  }
}

/** Another one may have been given to me in the meantime: the limit binds what is given, not what one takes back. */
function restoredText(): string {
  const limit = live.state.team.get(session.me.id)?.limit ?? 0;
  const open = [...live.state.conversations.values()].filter(isMine).length;
  return limit > 0 && open > limit
    ? t('console.conversation.restoredAbove', { open, limit })
    : t('console.conversation.restored');
}

const now = (): string => new Date().toISOString();

export const opened = new OpenedConversation();
