// A part that is fetched when it is wanted: what is said where it does not come, and that it can be wanted again.
import { render, screen } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { live } from '../src/features/live/live.svelte';
import { i18n, t } from '../src/i18n/i18n.svelte';
import Loaded from '../src/shell/Loaded.svelte';
import { toasts } from '../src/shell/toasts';

const children = createRawSnippet<[unknown]>((part) => ({ render: () => `<p>${String(part())}</p>` }));
const load = vi.fn<() => Promise<{ default: string }>>();
const onfail = vi.fn();
const want = () => render(Loaded, { load, onfail, children });
const said = () => toasts.items.map(({ text }) => text);

beforeEach(async () => {
  await i18n.use('pt-BR');
  live.status = 'live';
});
afterEach(() => {
  toasts.items = [];
  vi.restoreAllMocks();
  onfail.mockReset();
  load.mockReset();
});

it('says that the connection is needed, and opens when it is wanted again', async () => {
  live.status = 'waiting';
  load.mockRejectedValueOnce(new TypeError('Failed to fetch dynamically imported module'));
  const { unmount } = want();
  await vi.waitFor(() => expect(onfail).toHaveBeenCalledOnce());
  expect(said()).toEqual([t('console.state.partNeedsConnection')]);
  unmount();
  load.mockResolvedValueOnce({ default: 'Busca' });
  want();
  await screen.findByText('Busca');
  expect(onfail).toHaveBeenCalledOnce();
});

it('offers to load the page anew where the connection is there', async () => {
  const reload = vi.spyOn(location, 'reload').mockReturnValue();
  load.mockRejectedValueOnce(new TypeError('error loading dynamically imported module'));
  want();
  await vi.waitFor(() => expect(said()).toEqual([t('console.state.partFailed')]));
  toasts.items[0]?.action?.run();
  expect(reload).toHaveBeenCalledOnce();
});

it('says nothing about what nobody waits for any more', async () => {
  let fail: (reason: Error) => void = () => undefined;
  load.mockReturnValueOnce(new Promise((_, reject) => (fail = reject)));
  want().unmount();
  fail(new TypeError('gone'));
  await new Promise((resolve) => setTimeout(resolve));
  expect([said(), onfail.mock.calls.length]).toEqual([[], 0]);
});
