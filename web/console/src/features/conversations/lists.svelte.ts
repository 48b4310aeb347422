// The three lists. Rows live in the shared state; a list knows how far it has been loaded and what it is filtered by.
import { isAbort, type ConversationList, type ConversationRow } from '@balcao/api';
import { withRows } from '@balcao/live';
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../api';
import { session } from '../access/session.svelte';
import { live } from '../live/live.svelte';
import { compareIn } from './order';

/** How far one combination of list and filters has been fetched. */
interface Loaded {
  state: 'loading' | 'ready' | 'failed';
  next: string | null;
  /** The next page did not come; it is only asked for again by a click. */
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

class ConversationLists {
  tab = $state<ConversationList>(rememberedTab());
  agent = $state<AgentFilter>('everyone');
  search = $state('');
  /** The search that is shown: the typed one, a moment later. */
  #searched = $state('');
  #loaded = new SvelteMap<string, Loaded>();
  #requests = new Map<string, AbortController>();
  #searchTimer: ReturnType<typeof setTimeout> | undefined;
  #elsewhere = $state.raw<{ key: string; found: Elsewhere[] }>({ key: '', found: [] });

  /** Which list with which filters is shown. */
  key = $derived(`${this.tab}|${this.#agentApplies ? this.agent : ''}|${this.#searched}`);
  current = $derived(this.#loaded.get(this.key) ?? null);
  rows = $derived.by(() => this.#rows());
  elsewhere = $derived(this.#elsewhere.key === this.key ? this.#elsewhere.found : []);

  get #agentApplies(): boolean {
    return this.tab !== 'queue';
  }

  get isFiltered(): boolean {
    return this.#searched !== '' || (this.#agentApplies && this.agent !== 'everyone');
  }

  start(): () => void {
    return live.whenSnapshot(() => this.reload());
  }

  choose(tab: ConversationList): void {
    this.tab = tab;
    localStorage.setItem(REMEMBERED, tab);
    this.show();
  }

  /** Turns to the list in which a conversation stands that was opened from elsewhere. */
  follow({ state }: ConversationRow): void {
    if (state !== 'bot' && state !== this.tab) this.choose(state);
  }

  filterAgent(agent: AgentFilter): void {
    this.agent = agent;
    this.show();
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
    const { items, next } = await api.conversations({ list, agent, search, limit: MOST_COUNTED });
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
    const [list, agent, search] = this.#parts(key);
    try {
      const page = await api.conversations({ list, agent, search, after }, request.signal);
      live.update((state) => ({ ...withRows(state, page.items), counters: page.counters }));
      const ids = page.items.map((row) => row.id);
      const found = search ? [...((after && before?.found) || []), ...ids] : null;
      const horizon = page.items.at(-1) ?? before?.horizon ?? null;
      this.#loaded.set(key, { state: 'ready', next: page.next, isStuck: false, horizon, found });
    } catch (error) {
      if (isAbort(error)) return;
      this.#loaded.set(key, before?.state === 'ready' ? { ...before, isStuck: after !== null } : emptyOf('failed'));
    } finally {
      if (this.#requests.get(key) === request) this.#requests.delete(key);
    }
  }

  #parts(key: string): [ConversationList, string | null, string] {
    const [list = 'queue', agent = '', ...search] = key.split('|');
    return [list as ConversationList, agent === 'everyone' ? null : agent || null, search.join('|')];
  }

  #rows(): ConversationRow[] {
    const loaded = this.current;
    if (!loaded) return [];
    const { conversations } = live.state;
    if (loaded.found) {
      return loaded.found.flatMap((id) => conversations.get(id) ?? []).filter((row) => row.state === this.tab);
    }
    const compare = compareIn(this.tab);
    const { next, horizon } = loaded;
    const rows = [...conversations.values()].filter(
      (row) => row.state === this.tab && this.#isOfAgent(row) && !(next && horizon && compare(row, horizon) > 0),
    );
    return rows.sort(compare);
  }

  #isOfAgent(row: ConversationRow): boolean {
    if (!this.#agentApplies || this.agent === 'everyone') return true;
    return row.assignee_id === (this.agent === 'me' ? session.me.id : this.agent);
  }
}

function emptyOf(state: 'loading' | 'failed'): Loaded {
  return { state, next: null, isStuck: false, horizon: null, found: null };
}

function rememberedTab(): ConversationList {
  const tab = localStorage.getItem(REMEMBERED);
  return tab === 'open' || tab === 'closed' ? tab : 'queue';
}

export const lists = new ConversationLists();
