// Toasts: what is said again is said once, and the list is told how much room they take.
import { Toaster, Toasts } from '@balcao/ui';
import { render } from '@testing-library/svelte';
import { tick } from 'svelte';
import { expect, it } from 'vitest';
import Labelled from './Labelled.svelte';

const room = () => document.documentElement.style.getPropertyValue('--toasts-room');
const texts = (toasts: Toasts) => toasts.items.map(({ text }) => text);

it('says the same thing once, but keeps each way back', () => {
  const toasts = new Toasts();
  toasts.say('Copiado.');
  toasts.fail('Sem conexão.');
  toasts.say('Copiado.');
  expect(texts(toasts)).toEqual(['Sem conexão.', 'Copiado.']);
  const undo = { label: 'Desfazer', run: () => undefined };
  toasts.say('Conversa encerrada.', undo);
  toasts.say('Conversa encerrada.', undo);
  expect(texts(toasts)).toEqual(['Copiado.', 'Conversa encerrada.', 'Conversa encerrada.']);
});

it('asks for room while there is something to say', async () => {
  const toasts = new Toasts();
  render(Labelled, { part: Toaster, own: { toasts, label: 'Avisos' } } as never);
  expect(room()).toBe('0px');
  toasts.say('Copiado.');
  await tick();
  expect(parseInt(room())).toBeGreaterThan(0);
  toasts.dismiss(toasts.items[0]?.id ?? 0);
  await tick();
  expect(room()).toBe('0px');
});

it('what is said of something takes the place of what was said before, until it holds no longer', () => {
  const toasts = new Toasts();
  toasts.say('Conversa com Rui encerrada.', null, 'rui');
  toasts.say('Conversa com Eva encerrada.', null, 'eva');
  toasts.say('Bruno assumiu a sua conversa com Rui.', null, 'rui');
  expect(texts(toasts)).toEqual(['Conversa com Eva encerrada.', 'Bruno assumiu a sua conversa com Rui.']);
  toasts.forget('rui');
  expect(texts(toasts)).toEqual(['Conversa com Eva encerrada.']);
});
