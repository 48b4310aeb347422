// The conversation on screen, and everything that can be done with it. What was opened once opens again at once.
import { isAbort, isApiError, type ConversationDetail, type ConversationRow } from '@balcao/api';
import { forgetTimelines, withEarlier, withOpened, withRows, type StateFrame } from '@balcao/live';
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../api';
import { t } from '../../i18n/i18n.svelte';
import { tellFailure, toasts } from '../../shell/toasts';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';

type LoadState = 'loading' | 'ready' | 'failed' | 'missing' | 'forbidden';

class OpenedConversation {
  id = $state<string | null>(null);
  #states = new SvelteMap<string, LoadState>();
  #details = new SvelteMap<string, ConversationDetail>();
  #request: AbortController | null = null;
  #earlier: Promise<boolean> | null = null;
  isLoadingEarlier = $state(false);
  /** Something that was done has not been answered yet. */
  isActing = $state(false);

  row = $derived(this.id ? (live.state.conversations.get(this.id) ?? null) : null);
  timeline = $derived(this.id ? (live.state.timelines.get(this.id) ?? null) : null);
  detail = $derived(this.id ? (this.#details.get(this.id) ?? null) : null);
  state = $derived<LoadState>((this.id && this.#states.get(this.id)) || 'loading');

  isMine = $derived(this.row?.state === 'open' && this.row.assignee_id === session.me.id);
  /** Who serves it, where that is somebody else. */
  colleague = $derived(this.row?.state === 'open' && !this.isMine ? this.row.assignee_id : null);
  #isUnderWay = $derived(this.row !== null && this.row.state !== 'closed');
  /** As the server has it: what is nobody else's, and what one manages. */
  #mayServe = $derived.by(() => !this.colleague || this.#mayManage());
  mayTake = $derived(this.row?.state === 'queue' && session.may('conversations_take'));
  mayClose = $derived(this.#isUnderWay && this.#mayServe && session.may('conversations_close'));
  mayReturn = $derived(this.row?.state === 'open' && this.#mayServe && session.may('conversations_close'));
  mayReopen = $derived(this.row?.state === 'closed' && session.may('conversations_close'));
  mayReply = $derived(this.#isUnderWay && this.#mayServe && session.may('conversations_reply'));
  mayNote = $derived(session.may('conversations_reply'));

  /** As the server has it: administrators everywhere, managers in the departments they manage (T-106). */
  #mayManage(): boolean {
    if (session.isAdministrator) return true;
    const manages = session.me.departments.some((one) => one.id === this.row?.department_id && one.is_manager);
    return manages && session.may('conversations_close_any');
  }

  start(): () => void {
    const stops = [live.whenSnapshot(() => void this.#fetch()), live.whenFrame((frame) => this.#hear(frame))];
    return () => stops.forEach((stop) => stop());
  }

  #hear(frame: StateFrame): void {
    if (frame.t !== 'page') return;
    const detail = this.#details.get(frame.conversation);
    if (detail) this.#details.set(frame.conversation, { ...detail, page: frame.page });
  }

  show(id: string | null): void {
    if (id === this.id) return;
    this.id = id;
    live.watch(id ? [id] : []);
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
      const opened = await api.conversation(id, request.signal);
      live.update((state) => forgetTimelines(withOpened(state, opened), id));
      this.#details.set(id, opened.conversation);
      this.#states.set(id, 'ready');
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
    const done = await this.#act(api.close, { state: 'closed', closed_at: now() });
    if (done)
      toasts.say(t('console.conversation.closed'), {
        label: t('console.action.undo'),
        run: () => void this.reopen(id),
      });
    return done;
  }

  async returnToQueue(): Promise<boolean> {
    if (!this.mayReturn) return false;
    const done = await this.#act(api.returnToQueue, {
      state: 'queue',
      assignee_id: null,
      taken_at: null,
      queued_at: now(),
    });
    if (done) toasts.say(t('console.conversation.returned'));
    return done;
  }

  async reopen(id: string | null = this.id): Promise<boolean> {
    return this.#act(api.reopen, { state: 'open', assignee_id: session.me.id, closed_at: null, taken_at: now() }, id);
  }

  /** Shown at once, confirmed by the answer, taken back with a sentence when it is refused. */
  async #act(
    operation: (id: string) => Promise<ConversationRow>,
    shown: Partial<ConversationRow>,
    id: string | null = this.id,
  ): Promise<boolean> {
    if (!id) return false;
    const takeBack = live.patchRow(id, shown);
    this.isActing = true;
    try {
      const row = await operation(id);
      live.update((state) => withRows(state, [row]));
      return true;
    } catch (error) {
      takeBack();
      this.#tell(error);
      void this.#fetch();
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

const now = (): string => new Date().toISOString();

export const opened = new OpenedConversation();
