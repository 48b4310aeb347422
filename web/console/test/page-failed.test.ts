// A page that did not come: what is said while the connection is away, and what happens when it is back.
import { render, screen } from '@testing-library/svelte';
import { tick } from 'svelte';
import { afterEach, expect, it, vi } from 'vitest';
import { live } from '../src/features/live/live.svelte';
import { i18n } from '../src/i18n/i18n.svelte';
import PageFailed from '../src/shell/PageFailed.svelte';

afterEach(() => vi.restoreAllMocks());

it('needs the connection while that is away, also where the loss is noticed later, and opens when it is back', async () => {
  await i18n.use('pt-BR');
  const reload = vi.spyOn(location, 'reload').mockReturnValue();
  live.status = 'live';
  render(PageFailed);
  expect(screen.getByText(/O console foi atualizado/)).toBeTruthy();
  live.status = 'waiting';
  await tick();
  expect(screen.getByText('Esta página precisa de conexão')).toBeTruthy();
  expect(screen.queryByText(/O console foi atualizado/)).toBeNull();
  expect(reload).not.toHaveBeenCalled();
  live.status = 'live';
  await tick();
  expect(reload).toHaveBeenCalledOnce();
});
