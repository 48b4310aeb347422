// A row of the list: the time it is ordered by, and the mark of what was begun and not sent.
import type { ConversationRow, Me } from '@balcao/api';
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { beforeEach, expect, it } from 'vitest';
import { session } from '../src/features/access/session.svelte';
import { keepDraft } from '../src/features/conversations/drafts.svelte';
import ListRow from '../src/features/conversations/ListRow.svelte';
import { format } from '../src/i18n/format.svelte';
import { i18n } from '../src/i18n/i18n.svelte';
import { conversation, me } from './people';

const nothing = (): void => undefined;
const shown = (row: ConversationRow, isSelected = false) =>
  render(ListRow, { row, isSelected, onfocus: nothing, onchoose: nothing });

beforeEach(async () => {
  await i18n.use('pt-BR');
  session.keep(me({ name: 'Ana' }) as Me);
});

it('shows when a closed conversation was closed, not when it was last spoken in', () => {
  const closed_at = '2026-11-19T15:30:00Z';
  const { container } = shown(conversation('closed', { state: 'closed', closed_at }));
  const time = container.querySelector('time');
  expect(time?.dateTime).toBe(closed_at);
  expect(time?.title).toBe(`Encerrada: ${format.exact(closed_at)}`);
});

it('marks what was begun and not sent, as soon as it is left, and until it is sent', async () => {
  const { container, rerender } = shown(conversation('begun'), true);
  keepDraft('ana', 'begun', 'reply', 'Vou ver e já');
  await tick();
  expect(container.textContent).not.toContain('Rascunho:');
  await rerender({ isSelected: false });
  expect(screen.getByText('Rascunho:').parentElement?.textContent).toBe('Rascunho: Vou ver e já');
  keepDraft('ana', 'begun', 'reply', '');
  await tick();
  expect(container.textContent).not.toContain('Rascunho:');
});

it('hears of what was begun in another tab', async () => {
  shown(conversation('other-tab'));
  const key = 'balcao.draft.ana.other-tab.note';
  dispatchEvent(new StorageEvent('storage', { key, newValue: 'Conferir o pedido' }));
  await tick();
  expect(screen.getByText('Rascunho:').parentElement?.textContent).toBe('Rascunho: Conferir o pedido');
});
