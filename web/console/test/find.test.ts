// Searching within a conversation: walking from the newest to the oldest, fetching what lies further back.
import type { Message } from '@balcao/api';
import { emptyState } from '@balcao/live';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { find } from '../src/features/conversations/find.svelte';
import { opened } from '../src/features/conversations/opened.svelte';
import { live } from '../src/features/live/live.svelte';

const message = (position: number, text: string): Message => ({
  position,
  seq: position,
  kind: 'text',
  from: 'visitor',
  author_id: null,
  name: null,
  client_id: null,
  text,
  event: null,
  file: null,
  at: '2026-11-20T12:00:00.000000Z',
});

function hold(messages: Message[], hasEarlier: boolean): void {
  const timelines = new Map([['c1', { messages, hasEarlier, hasGap: false }]]);
  live.update(() => ({ ...emptyState(), timelines }));
  opened.id = 'c1';
}

beforeEach(() => {
  find.close();
  find.typed = '';
});

describe('searching in a conversation', () => {
  it('begins at the newest and walks to the oldest and back', async () => {
    hold([message(1, 'Boleto de outubro'), message(2, 'oi'), message(3, 'o BOLETO de novembro')], false);
    find.open();
    find.type('boleto');
    expect([find.current?.position, find.place, find.count]).toEqual([3, 1, 2]);
    await find.goBack();
    expect([find.current?.position, find.place, find.mayGoBack]).toEqual([1, 2, false]);
    find.goOn();
    expect([find.current?.position, find.mayGoOn]).toEqual([3, false]);
    expect(find.shownAt(3)).toEqual({ words: ['boleto'], isCurrent: true });
    expect(find.shownAt(1)?.isCurrent).toBe(false);
  });

  it('fetches earlier lines until something turns up', async () => {
    hold([message(5, 'oi')], true);
    const pages = [
      { items: [message(3, 'nada'), message(4, 'nada')], has_earlier: true },
      { items: [message(1, 'a conexão caiu'), message(2, 'nada')], has_earlier: false },
    ];
    const asked = vi.spyOn(api, 'earlierMessages').mockImplementation(async () => pages.shift()!);
    find.open();
    find.type('conexao');
    await vi.waitFor(() => expect(find.current?.position).toBe(1));
    expect(asked.mock.calls.map((call) => call[1])).toEqual([5, 3]);
    await vi.waitFor(() => expect(find.isLooking).toBe(false));
  });

  it('is closed in the next conversation', () => {
    hold([message(1, 'boleto')], false);
    find.openIn('c1', 'boleto', 1);
    expect(find.isOpen).toBe(true);
    opened.id = 'c2';
    expect([find.isOpen, find.shownAt(1)]).toEqual([false, null]);
  });
});
