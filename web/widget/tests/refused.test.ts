// The server refuses what the form said: the same form comes back, with everything in it, and nothing was remembered.
import { beforeEach, expect, test, vi } from 'vitest';
import type { Refusal } from '../src/panel/protocol';
import { app } from '../src/panel/ui/app';
import { control, fill, initOf, panelWith, type World } from './screens';

const written = { name: 'Marina Ribeiro', email: 'joao..silva@gmail.com', department: 'd2', message: 'Oi' };
const refusal: Refusal = {
  code: 'invalid',
  message: 'Confira os campos.',
  fields: [{ field: 'form.email', code: 'email_invalid', message: 'Confira este e-mail.' }],
};
const fields = () => [...document.querySelectorAll('.asks [id^=field-]')].map(({ id }) => id.slice('field-'.length));
const field = (name: string) => control(document.body, name);
const values = () => Object.fromEntries(fields().map((name) => [name, field(name).value]));
const errors = () => [...document.querySelectorAll('.error:not([hidden])')].map((one) => one.textContent);
const submit = () => document.querySelector('form.screen')!.dispatchEvent(new Event('submit', { cancelable: true }));

/** The server does, and the form is back. */
async function refuse(): Promise<void> {
  outbox.refused(outbox.items[0]!.id, refusal);
  await vi.waitFor(() => expect(errors()).not.toEqual([]));
}

let world: World;
let outbox: World['context']['client']['outbox'];

beforeEach(async () => {
  vi.stubGlobal('WebSocket', class {});
  document.body.replaceChildren();
  world = panelWith();
  outbox = world.context.client.outbox;
  app(world.context, initOf(world));
  document.querySelector<HTMLElement>('.start')!.click();
  await vi.waitFor(() => expect(fields()).not.toEqual([]));
  for (const [name, value] of Object.entries(written)) fill(field(name), value);
  submit();
});

test('the same fields in the same order, all kept, and only the refused one marked, with the server’s words', async () => {
  await refuse();
  expect(fields()).toEqual(['name', 'email', 'department', 'message']);
  expect(values()).toEqual(written);
  expect(errors()).toEqual(['Confira este e-mail.']);
  expect(outbox.items).toEqual([]);
});

test('what the server said stands until the value changes', async () => {
  await refuse();
  field('email').dispatchEvent(new Event('blur'));
  submit();
  expect(errors()).toEqual(['Confira este e-mail.']);
  expect(outbox.items).toEqual([]);
  fill(field('email'), 'joao.silva@gmail.com');
  expect(errors()).toEqual([]);
  submit();
  const sent = outbox.items.map(({ text, form }) => ({ ...form, message: text }));
  expect(sent).toEqual([{ ...written, email: 'joao.silva@gmail.com' }]);
});

test('nothing of the person is remembered before the server has taken it', () => {
  expect(world.items.p).toBeUndefined();
  outbox.settle(outbox.items[0]!.id);
  expect(JSON.parse(world.items.p!)).toEqual({ name: written.name, email: written.email });
});

test('all that was written before the refusal comes back with the form, in order', async () => {
  fill(document.querySelector('.composer textarea')!, 'Ainda estou aqui');
  document.querySelector('.composer')!.dispatchEvent(new Event('submit', { cancelable: true }));
  expect(outbox.items.map(({ form }) => form?.email)).toEqual([written.email, written.email]);
  fill(document.querySelector('.composer textarea')!, 'meia fra');
  await refuse();
  expect(values()).toEqual({ ...written, message: 'Oi\nAinda estou aqui\nmeia fra' });
  expect(outbox.items).toEqual([]);
});

// D-025
test('once another tab has forgotten who was here, this one neither sends nor keeps anything', () => {
  const reload = vi.spyOn(location, 'reload').mockImplementation(() => {});
  const kept = { ...world.items };
  world.context.host.onItem('', null);
  expect(reload).toHaveBeenCalledOnce();
  expect(outbox.items).toEqual([]);
  world.context.client.send('Ainda eu');
  expect(world.items).toEqual(kept);
});
