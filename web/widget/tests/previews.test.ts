// What the panel holds of files in memory goes with what shows it.
import { beforeEach, expect, test, vi } from 'vitest';
import { bring, keepOf } from '../src/panel/ui/bring';
import { figure } from '../src/panel/ui/figure';
import { keyed } from '../src/panel/ui/lines';
import type { Line, Waiting } from '../src/panel/ui/rows';
import { tray } from '../src/panel/ui/tray';
import { panelWith } from './screens';

vi.mock('@balcao/files', async (load) => ({
  ...(await load<object>()),
  prepare: async (file: File) => ({ problem: null, file, kind: 'image', width: 4, height: 3, duration_ms: null }),
}));

const shown = new Set<string>();
const settle = () => new Promise((done) => setTimeout(done));
const { config, words } = panelWith().context;
const photo = () => new File(['abc'], 'fachada.jpg', { type: 'image/jpeg' });
const waiting: Waiting = {
  key: '01234567-89ab-7def-8123-456789abcdef',
  name: 'fachada.jpg',
  kind: 'image',
  media_type: 'image/jpeg',
  size: 3,
  width: 4,
  height: 3,
  duration_ms: null,
  isHeld: false,
};
const line = (text: string): Line => ({ kind: 'bubble', key: 'm:1', text, own: true, at: '', isPending: true });

beforeEach(() => {
  shown.clear();
  let count = 0;
  vi.spyOn(URL, 'createObjectURL').mockImplementation(() => {
    const url = `blob:https://s/${++count}`;
    shown.add(url);
    return url;
  });
  vi.spyOn(URL, 'revokeObjectURL').mockImplementation((url) => void shown.delete(url));
});

function drawer() {
  const list = document.createElement('div');
  const draw = keyed(list, (_, gone) =>
    figure(
      waiting,
      words.t,
      config,
      async () => null,
      () => {},
      gone,
    ),
  );
  return { list, draw };
}

test('the picture of a message on its way is let go when the message is drawn anew or leaves', async () => {
  await keepOf(config).put(waiting.key, photo());
  const { list, draw } = drawer();
  draw([line('a')]);
  await settle();
  expect([...shown]).toEqual([list.querySelector('img')!.src]);
  draw([line('b')]);
  await settle();
  expect([...shown]).toEqual([list.querySelector('img')!.src]);
  draw([]);
  expect(shown.size).toBe(0);
});

test('a picture that comes after its message has left is not held', async () => {
  await keepOf(config).put(waiting.key, photo());
  const { draw } = drawer();
  draw([line('a')]);
  draw([]);
  await settle();
  expect(shown.size).toBe(0);
});

test('what has left does not hear how far its file comes', async () => {
  const content = photo();
  await keepOf(config).put(waiting.key, content);
  const { list, draw } = drawer();
  const answers = () => Response.json({ id: 'f1', received: 1, size: 3, state: 'receiving', file: null });
  const begin = async (method: string) => (method === 'POST' ? answers() : null);
  draw([line('a')]);
  const bar = list.querySelector('progress')!;
  await bring(waiting, begin, config, () => {});
  expect(bar.value).toBe(33);
  bar.value = 0;
  draw([]);
  await bring(waiting, begin, config, () => {});
  expect(bar.value).toBe(0);
});

test('a chosen picture is let go when it is left out, and when it is sent', async () => {
  const nest = document.createElement('div');
  const chosen = tray(nest, { ...config, files: {} } as typeof config, words.t, () => {}, nest);
  chosen.add([photo(), photo()]);
  await settle();
  expect(shown.size).toBe(2);
  nest.querySelector<HTMLButtonElement>('li button')!.click();
  expect(shown.size).toBe(1);
  chosen.grab();
  expect(shown.size).toBe(0);
});
