// Esc in the composer lets go of the focus; an input method keeps its own Esc.
import { Composer } from '@balcao/ui';
import { fireEvent, render } from '@testing-library/svelte';
import { createRawSnippet } from 'svelte';
import { expect, it, vi } from 'vitest';

const labels = { modes: 'modes', reply: 'reply', note: 'note', replyField: 'Sua resposta', noteField: 'Sua nota' };
const nothing = (): undefined => undefined;

function composer(onleave: () => void) {
  const submit = createRawSnippet(() => ({ render: () => '<button>send</button>' }));
  const texts = { text: 'Bom dia', placeholder: '', maxlength: 100, labels };
  return render(Composer, { mode: 'reply', ...texts, submit, onmode: nothing, onsubmit: nothing, onleave });
}

it('lets go with Esc, keeps what was written, and takes the key for itself', async () => {
  const leave = vi.fn();
  const field = composer(leave).getByLabelText('Sua resposta');
  const isLeftToOthers = await fireEvent.keyDown(field, { key: 'Escape' });
  expect([leave.mock.calls.length, isLeftToOthers]).toEqual([1, false]);
  expect(field).toHaveProperty('value', 'Bom dia');
});

it('leaves Esc to an input method that is composing', async () => {
  const leave = vi.fn();
  await fireEvent.keyDown(composer(leave).getByLabelText('Sua resposta'), { key: 'Escape', isComposing: true });
  expect(leave).not.toHaveBeenCalled();
});
