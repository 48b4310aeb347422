// The open conversation: what goes elsewhere is said to be elsewhere, an earlier one is only read, and undoing puts back what was.
import type { ConversationRow, Me, OpenedConversation } from '@balcao/api';
import { withRows } from '@balcao/live';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { opened } from '../src/features/conversations/opened.svelte';
import { live } from '../src/features/live/live.svelte';
import { conversation } from './people';

const detail = { page: null, user_agent: null, browser_language: null, earlier: [] };
const settle = () => new Promise((resolve) => setTimeout(resolve));

function answering(rows: ConversationRow[]): void {
  vi.spyOn(api, 'conversation').mockImplementation((id) => {
    const row = rows.find((one) => one.id === id);
    const answer = { conversation: { ...row, ...detail }, messages: [], has_earlier: false, as_of: 1 };
    return Promise.resolve(answer as unknown as OpenedConversation);
  });
}

beforeEach(() => {
  vi.restoreAllMocks();
  opened.show(null);
  const departments = [{ id: 'sales', name: 'Vendas', is_manager: false }];
  const permissions = ['conversations_take', 'conversations_reply', 'conversations_close'];
  const me = { id: 'ana', role: 'agent', theme: 'system', workspace: { time_zone: 'UTC' }, permissions, departments };
  session.keep(me as unknown as Me);
});

describe('a transfer', () => {
  it('to where I do not serve leaves no row behind, whatever the answer holds', async () => {
    const mine = conversation('c1');
    answering([mine]);
    opened.show('c1');
    await settle();
    expect(opened.mayTransfer).toBe(true);
    const gone = conversation('c1', { department_id: 'finance', assignee_id: null, state: 'queue', last_position: 2 });
    vi.spyOn(api, 'transfer').mockResolvedValue(gone);
    await opened.transfer('c1', { agent: null, department: 'finance' });
    expect(opened.row).toBeNull();
  });

  it('to a colleague of my department keeps the row, which is not mine to move any more', async () => {
    answering([conversation('c2')]);
    opened.show('c2');
    await settle();
    vi.spyOn(api, 'transfer').mockResolvedValue(conversation('c2', { assignee_id: 'bruno', last_position: 2 }));
    await opened.transfer('c2', { agent: 'bruno' });
    expect(opened.row?.assignee_id).toBe('bruno');
    expect(opened.mayTransfer).toBe(false);
  });
});

describe('an earlier conversation', () => {
  it('is shown in the place of the open one, and nothing can be done with it', async () => {
    answering([conversation('now'), conversation('before', { state: 'closed' })]);
    opened.show('now');
    await settle();
    opened.show('now', 'before');
    await settle();
    expect([opened.isEarlier, opened.row?.id, opened.homeRow?.id]).toEqual([true, 'before', 'now']);
    expect([opened.mayReopen, opened.mayNote, opened.mayTransfer, opened.mayClose]).toEqual([
      false,
      false,
      false,
      false,
    ]);
    opened.show('now');
    expect([opened.isEarlier, opened.mayClose]).toEqual([false, true]);
  });
});

describe('taking back a closing', () => {
  it('shows at once whose it was before, and asks for exactly that', async () => {
    const waiting = conversation('c3', { state: 'queue', assignee_id: null, queued_at: '2026-11-20T11:00:00Z' });
    answering([waiting]);
    opened.show('c3');
    await settle();
    const closed = { ...waiting, state: 'closed' as const, closed_at: '2026-11-20T12:00:00Z', last_position: 2 };
    vi.spyOn(api, 'close').mockResolvedValue(closed);
    await opened.close();
    const { toasts } = await import('../src/shell/toasts');
    const restore = vi.spyOn(api, 'restore').mockReturnValue(new Promise(() => undefined));
    toasts.items.at(-1)?.action?.run();
    expect(restore).toHaveBeenCalledWith('c3');
    expect(opened.row).toMatchObject({ state: 'queue', assignee_id: null, queued_at: '2026-11-20T11:00:00Z' });
    live.update((state) => withRows(state, [{ ...waiting, last_position: 3 }]));
  });
});

describe('taking what somebody has just taken', () => {
  it('answers once it is known whose it is', async () => {
    const waiting = conversation('c4', { state: 'queue', assignee_id: null, queued_at: '2026-11-20T11:00:00Z' });
    answering([waiting]);
    opened.show('c4');
    await settle();
    answering([conversation('c4', { state: 'open', assignee_id: 'bruno', last_position: 2 })]);
    vi.spyOn(api, 'take').mockRejectedValue(new Error('already_taken'));
    expect(await opened.take()).toBe(false);
    expect(opened.row).toMatchObject({ state: 'open', assignee_id: 'bruno' });
    expect(opened.isActing).toBe(false);
  });
});
