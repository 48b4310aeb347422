// What is being written in a dialog is not lost by Esc, the cross, or by leaving the page: it asks in its foot first.
import { fireEvent, render, screen } from '@testing-library/svelte';
import type { Component } from 'svelte';
import { beforeEach, expect, it, vi } from 'vitest';
import DepartmentDialog from '../src/features/departments/DepartmentDialog.svelte';
import { router } from '../src/shell/router.svelte';
import Labelled from './Labelled.svelte';

const onclose = vi.fn();
const part = DepartmentDialog as unknown as Component<Record<string, unknown>>;

async function open(): Promise<HTMLElement> {
  render(Labelled, { part, own: { department: null, onclose, onsaved: () => undefined } });
  return screen.findByRole('textbox');
}

async function written(): Promise<HTMLElement> {
  const field = await open();
  field.focus();
  await fireEvent.input(field, { target: { value: 'Logística' } });
  return field;
}

beforeEach(() => onclose.mockReset());

it('closes at once where nothing was written', async () => {
  await fireEvent.keyDown(await open(), { key: 'Escape' });
  expect(onclose).toHaveBeenCalledOnce();
});

it('asks before Esc throws away what was typed', async () => {
  await fireEvent.keyDown(await written(), { key: 'Escape' });
  await screen.findByRole('group', { name: 'Descartar?' });
  expect(document.activeElement?.textContent?.trim()).toBe('Continuar editando');
  expect(onclose).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByText('Descartar'));
  await vi.waitFor(() => expect(onclose).toHaveBeenCalledOnce());
});

it('goes back to the field with Esc once more, and with the button', async () => {
  const field = await written();
  for (const keep of [
    () => fireEvent.keyDown(document.activeElement ?? field, { key: 'Escape' }),
    () => fireEvent.click(screen.getByText('Continuar editando')),
  ]) {
    await fireEvent.click(screen.getByRole('button', { name: 'Fechar' }));
    await screen.findByText('Descartar?');
    await keep();
    await vi.waitFor(() => expect(document.activeElement).toBe(field));
    expect(screen.queryByText('Descartar?')).toBeNull();
  }
  expect(field).toHaveProperty('value', 'Logística');
  expect(onclose).not.toHaveBeenCalled();
});

it('asks before the page around it is left', async () => {
  await written();
  const before = router.path;
  const going = router.go('/elsewhere');
  await screen.findByText('Descartar?');
  await fireEvent.click(screen.getByText('Continuar editando'));
  await going;
  expect([router.path, onclose.mock.calls.length]).toEqual([before, 0]);
  const gone = router.go('/elsewhere');
  await fireEvent.click(await screen.findByText('Descartar'));
  await gone;
  expect([router.path, onclose.mock.calls.length]).toEqual(['/elsewhere', 1]);
});
