// The lists: order, what lies beyond the loaded part, filters, and failures that must not go round in circles.
import type { ConversationPage, ConversationRow, Me } from '@balcao/api';
import { ApiError } from '@balcao/api';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { lists } from '../src/features/conversations/lists.svelte';
import { live } from '../src/features/live/live.svelte';
import { withRows } from '@balcao/live';
import { conversation } from './people';

const counters = { queue: 0, open: 0, mine: 0 };

function row(id: string, minute: number, change: Partial<ConversationRow> = {}): ConversationRow {
  const at = `2026-11-20T12:${String(minute).padStart(2, '0')}:00Z`;
  const last_message = {
    kind: 'text',
    from: 'visitor',
    name: null,
    text: '',
    file: null,
    file_name: null,
    at,
  } as const;
  return conversation(id, { last_message, opened_at: at, ...change });
}

const shown = () => lists.rows.map((one) => one.id);
const settle = () => new Promise((resolve) => setTimeout(resolve));

beforeEach(() => {
  vi.restoreAllMocks();
  session.keep({ id: 'ana', theme: 'system', workspace: { time_zone: 'UTC' }, permissions: [] } as unknown as Me);
});

describe('lists', () => {
  it('shows a page in order, and rows beyond its end only when they are loaded', async () => {
    const fetched = vi.spyOn(api, 'conversations');
    fetched.mockResolvedValueOnce({ items: [row('c', 30), row('b', 20)], next: 'more', counters, as_of: 1 });
    lists.choose('open');
    await settle();
    live.update((state) => withRows(state, [row('old', 1), row('new', 40)]));
    expect(shown()).toEqual(['new', 'c', 'b']);
    fetched.mockResolvedValueOnce({ items: [row('a', 10), row('old', 1)], next: null, counters, as_of: 2 });
    lists.loadMore();
    await settle();
    expect(shown()).toEqual(['new', 'c', 'b', 'a', 'old']);
  });

  it('a row that changes its state changes its list', async () => {
    live.update((state) => withRows(state, [row('c', 30, { state: 'closed', last_position: 2 })]));
    expect(shown()).not.toContain('c');
  });

  it('an answer that was long on its way does not bring back a row that was closed meanwhile', async () => {
    const fetched = vi.spyOn(api, 'conversations').mockResolvedValue({ items: [], next: null, counters, as_of: 1 });
    lists.choose('open');
    await settle();
    live.update((state) => withRows(state, [row('done', 45)]));
    expect(shown()).toContain('done');
    let answer: (page: ConversationPage) => void = () => {};
    fetched.mockReturnValueOnce(new Promise((give) => (answer = give)));
    lists.reload();
    live.patchRow('done', { state: 'closed' });
    answer({ items: [row('done', 45), row('c', 30, { last_position: 3 })], next: null, counters, as_of: 1 });
    await settle();
    expect(shown()).toContain('c');
    expect(shown()).not.toContain('done');
    live.update((state) => withRows(state, [row('c', 30, { state: 'closed', last_position: 4 })]));
  });

  it('filters by agent', async () => {
    vi.spyOn(api, 'conversations').mockResolvedValue({ items: [], next: null, counters, as_of: 1 });
    live.update((state) => withRows(state, [row('hers', 50, { assignee_id: 'bia' })]));
    lists.filterAgent('bia');
    await settle();
    expect(shown()).toEqual(['hers']);
    lists.filterAgent('everyone');
  });

  it('a search says what the other lists hold', async () => {
    const empty = { items: [], next: null, counters, as_of: 1 };
    const fetched = vi.spyOn(api, 'conversations').mockImplementation(async ({ list }) => {
      if (list === 'open') return { ...empty, items: [row('maria', 30)] };
      return list === 'closed' ? { ...empty, items: [row('old', 1, { state: 'closed' })], next: 'more' } : empty;
    });
    lists.choose('queue');
    lists.type('0021');
    await vi.waitFor(() => expect(lists.elsewhere).toHaveLength(2));
    expect(lists.elsewhere).toEqual([
      { list: 'open', count: 1, hasMore: false },
      { list: 'closed', count: 1, hasMore: true },
    ]);
    expect(fetched.mock.calls.every(([query]) => !query.search || query.search === '0021')).toBe(true);
    lists.choose('open');
    await vi.waitFor(() => expect(lists.elsewhere.map(({ list }) => list)).toEqual(['closed']));
    lists.type('');
    await settle();
    expect(lists.elsewhere).toEqual([]);
  });

  it('a first page that fails can be asked for again; a further one waits for a click', async () => {
    const fetched = vi.spyOn(api, 'conversations').mockRejectedValueOnce(new ApiError(500, null));
    lists.choose('closed');
    await settle();
    expect(lists.current?.state).toBe('failed');
    fetched.mockResolvedValueOnce({ items: [row('z', 1, { state: 'closed' })], next: 'more', counters, as_of: 1 });
    lists.show();
    await settle();
    fetched.mockRejectedValueOnce(new ApiError(500, null));
    lists.loadMore();
    await settle();
    expect(lists.current).toMatchObject({ state: 'ready', isStuck: true });
    lists.loadMore();
    expect(fetched).toHaveBeenCalledTimes(3);
  });

  it('a search goes on by itself until it has found enough, and pauses when it has looked far back', async () => {
    const fetched = vi.spyOn(api, 'conversations');
    fetched.mockImplementation(({ after, limit }) => {
      const items = after === 'p3' ? [row('deep', 2)] : [];
      const number = Number(after?.slice(1) ?? 0) + 1;
      return Promise.resolve({ items: limit ? [] : items, next: `p${number}`, counters, as_of: 3 });
    });
    lists.choose('open');
    lists.type('x');
    await vi.waitFor(() => expect(lists.mayLookFurther).toBe(true));
    expect(shown()).toEqual(['deep']);
    const asked = fetched.mock.calls.filter(([{ limit }]) => !limit).length;
    lists.loadMore();
    await settle();
    expect(fetched.mock.calls.filter(([{ limit }]) => !limit)).toHaveLength(asked);
    fetched.mockResolvedValue({ items: [], next: null, counters, as_of: 4 });
    lists.loadMore(true);
    await vi.waitFor(() => expect(lists.mayLookFurther).toBe(false));
    expect(shown()).toEqual(['deep']);
    lists.clearFilters();
  });

  // T-201
  it('a frequent label is looked for like a text, and one that was removed filters no more', async () => {
    const label = { id: 'vip', name: 'VIP', colour: 'blue', is_active: true, conditions: [] } as const;
    live.update((state) => ({ ...state, labels: new Map([['vip', { ...label, conditions: [] }]]) }));
    const fetched = vi.spyOn(api, 'conversations');
    const applied = { id: 'vip', source: 'agent', by: null, at: '2026-11-20T12:00:00Z' } as const;
    fetched.mockImplementation(({ after }) => {
      const items = after === 'p3' ? [row('labelled', 2, { labels: [applied] })] : [];
      return Promise.resolve({
        items,
        next: after === 'p3' ? null : `p${Number(after?.slice(1) ?? 0) + 1}`,
        counters,
        as_of: 3,
      });
    });
    lists.choose('open');
    lists.filterLabel('vip');
    await vi.waitFor(() => expect(shown()).toEqual(['labelled']));
    expect(fetched.mock.calls.every(([query]) => query.label === 'vip')).toBe(true);
    live.update((state) => ({ ...state, labels: new Map() }));
    expect(lists.isFiltered).toBe(false);
    lists.clearFilters();
  });

  it('shows one department alone, and asks the server for it', async () => {
    const fetched = vi.spyOn(api, 'conversations');
    fetched.mockResolvedValue({ items: [row('x', 50, { department_id: 'd2' })], next: null, counters, as_of: 5 });
    lists.choose('open');
    lists.filterDepartment('d2');
    await settle();
    expect(fetched.mock.calls.at(-1)?.[0]).toMatchObject({ list: 'open', department: 'd2' });
    expect(shown()).toEqual(['x']);
    lists.clearFilters();
    await settle();
    expect(shown()).toContain('x');
  });
});
