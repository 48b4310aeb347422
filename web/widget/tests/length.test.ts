// A message that is too long stays whole and says so; it cannot be sent until it is shorter.
import { beforeEach, expect, test, vi } from 'vitest';
import { composer } from '../src/panel/ui/composer';
import { control, fill, formOf, panelWith } from './screens';

const LIMIT = 10_000;
const TOO_LONG = 'Longa demais: 20.000 de 10.000 caracteres.';
const submit = (node: HTMLElement) => node.dispatchEvent(new Event('submit', { cancelable: true }));

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {});
});

test('in the conversation', () => {
  const sent: string[] = [];
  const { node } = composer(panelWith().context, (text) => sent.push(text));
  const field = node.querySelector('textarea')!;
  const button = node.querySelector<HTMLButtonElement>('[type=submit]')!;
  fill(field, 'a'.repeat(2 * LIMIT));
  submit(node);
  expect(sent).toEqual([]);
  expect(field.value).toHaveLength(2 * LIMIT);
  expect(button.disabled).toBe(true);
  expect(node.querySelector('.error:not([hidden])')?.textContent).toBe(TOO_LONG);
  // As the server counts: one for each sign, however many units it takes, and none for blanks around.
  fill(field, ` ${'🙂'.repeat(LIMIT)} `);
  expect(node.querySelector('.error:not([hidden])')).toBeNull();
  submit(node);
  expect(sent).toEqual(['🙂'.repeat(LIMIT)]);
});

test('in the form', () => {
  const { context, gone } = panelWith({ d: '{"name":"Marina","email":"m@b.co","department":"d1"}' });
  const { node, update } = formOf(context);
  update();
  const field = control(node, 'message');
  fill(field, 'a'.repeat(2 * LIMIT));
  submit(node);
  expect(gone).toEqual([]);
  expect(field.value).toHaveLength(2 * LIMIT);
  expect(node.querySelector('.error:not([hidden])')?.textContent).toBe(TOO_LONG);
  fill(field, 'a'.repeat(LIMIT));
  submit(node);
  expect(gone).toEqual(['chat']);
});
