// The three lists. Rows live in the shared state; a list knows how far it has been loaded and what it is filtered by.
import { isAbort, type ConversationList, type ConversationPage, type ConversationRow } from '@balcao/api';
import { forgetClosed, withRows } from '@balcao/live';
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';
import { compareIn } from './order';

/** How far one combination of list and filters has been fetched. */
interface Loaded {
  state: 'loading' | 'ready' | 'failed';
  next: string | null;
  /** The next page did not come, or a search has looked far back already; it goes on by a click. */
  isStuck: boolean;
  /** The last row of the last page: rows that sort after it have not been loaded yet. */
  horizon: ConversationRow | null;
  /** For searches: what the server found, in its order. */
  found: string[] | null;
}

/** What a search finds in another list. */
export interface Elsewhere {
  list: ConversationList;
  count: number;
  hasMore: boolean;
}

export type AgentFilter = 'me' | 'everyone' | (string & {});

const REMEMBERED = 'balcao.list';
const SEARCH_DELAY = 200;
const LISTS: ConversationList[] = ['queue', 'open', 'closed'];
const MOST_COUNTED = 20;
/** A search looks through the newest first, some thousand conversations a page: a page may hold few rows, or none. */
const ENOUGH_FOUND = 20;
const MOST_PAGES = 12;

class ConversationLists {
  tab = $state<ConversationList>(rememberedTab());
  agent = $state<AgentFilter>('everyone');
  /** A department's id; empty: all that one sees. */
  department = $state('');
  /** A label's id; empty: with any or none. One that was removed filters nothing any more. */
  label = $state('');
  #label = $derived(live.state.labels.has(this.label) ? this.label : '');
  /** Only what waits for an answer, whoever has waited longest first. */
  isWaiting = $state(false);
  search = $state('');
  /** The search that is shown: the typed one, a moment later. */
  #searched = $state('');
  #loaded = new SvelteMap<string, Loaded>();
  #requests = new Map<string, AbortController>();
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #elsewhere = $state.raw<{ key: string; found: Elsewhere[] }>({ key: '', found: [] });

  /** Which list with which filters is shown. */
  key = $derived(
    [
      this.tab,
      this.#agentApplies ? this.agent : '',
      this.department,
      this.label,
      this.#waits ? 1 : '',
      this.#searched,
    ].join('|'),
  );
  current = $derived(this.#loaded.get(this.key) ?? null);
  rows = $derived.by(() => this.#rows());
  elsewhere = $derived(this.#elsewhere.key === this.key ? this.#elsewhere.found : []);

  get #agentApplies(): boolean {
    return this.tab !== 'queue';
  }

  /** The queue waits as a whole, and closed ones do not. */
  get #waits(): boolean {
    return this.isWaiting && this.tab === 'open';
  }

  get isFiltered(): boolean {
    return (
      this.#waits ||
      this.#label !== '' ||
      this.#searched !== '' ||
      this.department !== '' ||
      (this.#agentApplies && this.agent !== 'everyone')
    );
  }

  /** What is looked for by walking: a page may hold few rows, or none, and still have a next one. */
  get #isSparse(): boolean {
    return this.#searched !== '' || this.#label !== '';
  }

  /** A search that has not come to the list's end. */
  get mayLookFurther(): boolean {
    return this.#isSparse && this.current?.isStuck === true && this.current.next !== null;
  }

  start(): () => void {
    const stops = [
      live.whenSnapshot(() => this.reload()),
      live.whenFrame((frame) => {
        const isClosed = frame.t === 'event' && frame.event.kind === 'conversation_closed';
        if (isClosed && this.tab !== 'closed') this.#forget();
      }),
    ];
    return () => stops.forEach((stop) => stop());
  }

  choose(tab: ConversationList): void {
    this.tab = tab;
    localStorage.setItem(REMEMBERED, tab);
    this.#forget();
    this.show();
  }

  /** While another list is shown, old closed rows can go unseen. */
  #forget(): void {
    const before = live.state;
    live.update(forgetClosed);
    if (live.state === before) return;
    for (const key of this.#loaded.keys()) {
      if (partsOf(key).list === 'closed') this.#loaded.delete(key);
    }
  }

  /** Turns to the list in which a conversation stands that was opened from elsewhere. */
  follow({ state }: ConversationRow): void {
    if (state !== 'bot' && state !== this.tab) this.choose(state);
  }

  filterAgent(agent: AgentFilter): void {
    this.agent = agent;
    this.show();
  }

  filterDepartment(department: string): void {
    this.department = department;
    this.show();
  }

  filterLabel(label: string): void {
    this.label = label;
    this.show();
  }

  filterWaiting(isWaiting: boolean): void {
    this.isWaiting = isWaiting;
    this.show();
  }

  clearFilters(): void {
    this.isWaiting = false;
    this.label = '';
    this.agent = 'everyone';
    this.department = '';
    this.type('');
  }

  type(text: string): void {
    this.search = text;
    clearTimeout(this.#searchTimer);
    const apply = () => {
      this.#searched = text.trim();
      this.show();
    };
    if (text) this.#searchTimer = setTimeout(apply, SEARCH_DELAY);
    else apply();
  }

  /** What was loaded before is shown at once; the socket has kept it true. */
  show(): void {
    if (!this.current || this.current.state === 'failed') void this.#fetch(this.key, null);
    if (this.#searched && this.#elsewhere.key !== this.key) void this.#lookElsewhere(this.key);
  }

  /** A search looks into the other lists too: what somebody is looking for seldom stands where they are. */
  async #lookElsewhere(key: string): Promise<void> {
    const search = this.#searched;
    const others = LISTS.filter((list) => list !== this.tab);
    try {
      const found = await Promise.all(others.map((list) => this.#countIn(list, search)));
      if (this.key === key) this.#elsewhere = { key, found: found.filter(({ count }) => count > 0) };
    } catch {
      // The list itself says when searching fails.
    }
  }

  async #countIn(list: ConversationList, search: string): Promise<Elsewhere> {
    const agent = list === 'queue' || this.agent === 'everyone' ? null : this.agent;
    const department = this.department || null;
    const label = this.#label || null;
    const waiting = this.isWaiting && list === 'open';
    const query = { list, agent, department, label, waiting, search, limit: MOST_COUNTED };
    const { items, next } = await api.conversations(query);
    return { list, count: items.length, hasMore: next !== null };
  }

  /** After a snapshot nothing that was loaded can be trusted to be complete. */
  reload(): void {
    for (const key of this.#loaded.keys()) {
      if (key !== this.key) this.#loaded.delete(key);
    }
    void this.#fetch(this.key, null);
  }

  loadMore(again = false): void {
    const loaded = this.current;
    if (loaded?.state === 'ready' && loaded.next && (again || !loaded.isStuck)) void this.#fetch(this.key, loaded.next);
  }

  async #fetch(key: string, after: string | null): Promise<void> {
    const before = this.#loaded.get(key);
    if (after && this.#requests.has(key)) return;
    this.#requests.get(key)?.abort();
    const request = new AbortController();
    this.#requests.set(key, request);
    if (!before || before.state === 'failed') this.#loaded.set(key, emptyOf('loading'));
    try {
      let [next, gained, looked] = [after, 0, 0];
      do {
        const page = await this.#page(key, next, request.signal);
        next = page.next;
        gained += page.items.length;
        looked += 1;
      } while (next && this.#isSparse && gained < ENOUGH_FOUND && looked < MOST_PAGES && key === this.key);
      if (next && looked === MOST_PAGES) this.#pause(key);
    } catch (error) {
      if (isAbort(error)) return;
      const held = this.#loaded.get(key);
      this.#loaded.set(key, held?.state === 'ready' ? { ...held, isStuck: held.next !== null } : emptyOf('failed'));
    } finally {
      if (this.#requests.get(key) === request) this.#requests.delete(key);
    }
  }

  /** Fetches one page and adds it to what is held; answers it. */
  async #page(key: string, after: string | null, signal: AbortSignal): Promise<ConversationPage> {
    const { list, agent, department, label, waiting, search } = partsOf(key);
    const asked = live.state;
    const page = await api.conversations({ list, agent, department, label, waiting, search, after }, signal);
    // The socket's counters are newer than those of an answer that was long on its way.
    const isTold = live.status === 'live';
    live.update((state) => ({
      ...withRows(state, page.items, asked),
      counters: isTold ? state.counters : page.counters,
    }));
    const held = this.#loaded.get(key);
    const ids = page.items.map((row) => row.id);
    const found = search ? [...((after && held?.found) || []), ...ids] : null;
    const horizon = page.items.at(-1) ?? held?.horizon ?? null;
    // While a first search is still looking, nothing found yet is not nothing found.
    const isNothing = found ? found.length === 0 : !after && page.items.length === 0;
    const isLooking = isNothing && page.next !== null;
    this.#loaded.set(key, { state: isLooking ? 'loading' : 'ready', next: page.next, isStuck: false, horizon, found });
    return page;
  }

  #pause(key: string): void {
    const held = this.#loaded.get(key);
    if (held) this.#loaded.set(key, { ...held, state: 'ready', isStuck: true });
  }

  #rows(): ConversationRow[] {
    const loaded = this.current;
    if (!loaded) return [];
    const { conversations } = live.state;
    if (loaded.found) {
      return loaded.found.flatMap((id) => conversations.get(id) ?? []).filter((row) => this.#isListed(row));
    }
    const compare = compareIn(this.tab, this.#waits);
    const { next, horizon } = loaded;
    const rows = [...conversations.values()].filter(
      (row) =>
        this.#isListed(row) &&
        this.#isOfAgent(row) &&
        (this.department === '' || row.department_id === this.department) &&
        !(next && horizon && compare(row, horizon) > 0),
    );
    return rows.sort(compare);
  }

  #isListed(row: ConversationRow): boolean {
    const isLabelled = this.#label === '' || row.labels.some((applied) => applied.id === this.#label);
    return row.state === this.tab && isLabelled && !(this.#waits && row.waiting_since === null);
  }

  #isOfAgent(row: ConversationRow): boolean {
    if (!this.#agentApplies || this.agent === 'everyone') return true;
    return row.assignee_id === (this.agent === 'me' ? session.me.id : this.agent);
  }
}

function partsOf(key: string) {
  const [list = 'queue', agent = '', department = '', label = '', waiting = '', ...search] = key.split('|');
  return {
    list: list as ConversationList,
    agent: agent === 'everyone' ? null : agent || null,
    department: department || null,
    label: label || null,
    waiting: waiting !== '',
    search: search.join('|'),
  };
}

function emptyOf(state: 'loading' | 'failed'): Loaded {
  return { state, next: null, isStuck: false, horizon: null, found: null };
}

function rememberedTab(): ConversationList {
  const tab = localStorage.getItem(REMEMBERED);
  return tab === 'open' || tab === 'closed' ? tab : 'queue';
}

export const lists = new ConversationLists();
