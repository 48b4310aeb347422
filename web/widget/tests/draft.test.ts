// What is being written outlives a reload, in the form and in the conversation, and goes when it is sent.
import { beforeEach, expect, test, vi } from 'vitest';
import { composer } from '../src/panel/ui/composer';
import { control, fill, formOf, panelWith } from './screens';

beforeEach(() => {
  vi.stubGlobal('WebSocket', class {});
});

const written = { name: 'Marina Ribeiro', email: 'marina@b.co', department: 'd2', message: 'Oi, tudo bem?' };

function formWith(items: Record<string, string>) {
  const world = panelWith(items);
  const screen = formOf(world.context);
  screen.update();
  const values = () =>
    Object.fromEntries(Object.keys(written).map((name) => [name, control(screen.node, name)?.value]));
  return { ...world, screen, values };
}

test('a half-filled form is found again after a reload, and is gone once it was sent', () => {
  const first = formWith({});
  for (const [name, value] of Object.entries(written)) fill(control(first.screen.node, name), value);
  const second = formWith(first.items);
  expect(second.values()).toEqual(written);
  second.screen.node.dispatchEvent(new Event('submit', { cancelable: true }));
  expect(second.gone).toEqual(['chat']);
  expect(second.items.d).toBeUndefined();
});

test('every stroke is kept at once: a page that goes away leaves no time for it', () => {
  const { context, items } = panelWith();
  const box = composer(context, () => {});
  fill(box.node.querySelector('textarea')!, 'meio ditado');
  expect(items.d).toContain('meio ditado');
});

test('a draft that comes back from storage has its size and can be sent', () => {
  const { context } = panelWith({ d: '{"message":"a\\nb\\nc"}' });
  const box = composer(context, () => {});
  box.update();
  expect(box.node.querySelector('textarea')!.value).toBe('a\nb\nc');
  expect(box.node.querySelector<HTMLElement>('.size')!.dataset.text).toBe('a\nb\nc');
  expect(box.node.querySelector<HTMLButtonElement>('[type=submit]')!.disabled).toBe(false);
});

test('a draft of blanks is none', () => {
  const { context, items } = panelWith();
  const box = composer(context, () => {});
  fill(box.node.querySelector('textarea')!, ' \n ');
  expect(items.d).toBeUndefined();
  expect(box.node.querySelector<HTMLButtonElement>('[type=submit]')!.disabled).toBe(true);
});

test('what went with the form does not stand in the conversation’s field any more', () => {
  const { screen, context } = formWith({ d: JSON.stringify(written) });
  const box = composer(context, () => {});
  box.update();
  screen.node.dispatchEvent(new Event('submit', { cancelable: true }));
  box.update();
  expect(box.node.querySelector('textarea')!.value).toBe('');
});

test('a draft that is not ours is none', () => {
  for (const d of ['a sentence', '"text"', 'null', '{"message":']) {
    expect(panelWith({ d }).context.prefs.draft.message).toBeUndefined();
  }
});
