// A department that is being written is not lost by Esc.
import { fireEvent, render, screen } from '@testing-library/svelte';
import { expect, it, vi } from 'vitest';
import LabelledDepartment from './LabelledDepartment.svelte';

it('asks before Esc throws away what was typed', async () => {
  const onclose = vi.fn();
  render(LabelledDepartment, { onclose });
  const field = await screen.findByRole('textbox');
  await fireEvent.input(field, { target: { value: 'Logística' } });
  await fireEvent.keyDown(field, { key: 'Escape' });
  await screen.findByText('console.form.leaveTitle');
  expect(onclose).not.toHaveBeenCalled();
  await fireEvent.click(screen.getByText('console.form.leave'));
  expect(onclose).toHaveBeenCalledOnce();
});
