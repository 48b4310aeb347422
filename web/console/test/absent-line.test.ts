// Whoever is not online is told so above the list, and comes back with one click.
import type { Status } from '@balcao/api';
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import AbsentLine from '../src/features/conversations/AbsentLine.svelte';
import { i18n } from '../src/i18n/i18n.svelte';
import { me } from './people';

const who = (status: Status) => me({ status, permissions: ['conversations_reply'] });

it('says that nothing is received while offline, and goes online', async () => {
  await i18n.use('pt-BR');
  session.keep(who('offline'));
  const change = vi.spyOn(api, 'changeStatus').mockResolvedValue(who('online'));
  render(AbsentLine);
  expect(screen.getByText('Você está offline e não recebe conversas.')).toBeTruthy();
  await fireEvent.click(screen.getByRole('button', { name: 'Ficar online' }));
  expect(change).toHaveBeenCalledWith({ status: 'online' });
  await vi.waitFor(() => expect(screen.queryByText(/não recebe conversas/)).toBeNull());
});

// T-139
it('names the pause that one is on', async () => {
  await i18n.use('pt-BR');
  session.keep({ ...who('away'), pause: { name: 'Almoço', minutes: 60, since: '2026-11-20T12:00:00Z' } } as never);
  render(AbsentLine);
  expect(screen.getByText('Em pausa (Almoço): você não recebe conversas.')).toBeTruthy();
});
