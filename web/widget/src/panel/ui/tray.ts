// What the visitor has chosen and not sent yet: five ways to choose, previews, and why something cannot be taken.
import { ACCEPT, KINDS, prepare, type FileKind, type Prepared } from '@balcao/files';
import type { PanelConfig } from '../../shared/config';
import type { Upload } from '../protocol';
import { uuid } from '../uuid';
import { keepOf } from './bring';
import { button, glyph, h, say } from './dom';
import { detailOf, GLYPHS } from './figure';
import { fileTexts } from './file-texts';
import type { Words } from './words';

const MIC = 'M12 15a3 3 0 0 0 3-3V6a3 3 0 0 0-6 0v6a3 3 0 0 0 3 3zM6 11v1a6 6 0 0 0 12 0v-1M12 18v3';
const MOST = 10;

export interface Tray {
  add(files: File[], kind?: FileKind): void;
  /** Opens and closes the ways to choose. */
  toggle(): void;
  count(): number;
  isBusy(): boolean;
  /** All of them, to be sent, and when their contents are kept. */
  grab(): [Upload[], Promise<unknown>];
}

interface Item {
  key: string;
  node: HTMLElement;
  file?: File;
  found?: Extract<Prepared, { problem: null }>;
  /** The address of its picture. */
  preview?: string;
}

const release = ({ preview }: Item): void => {
  if (preview) URL.revokeObjectURL(preview);
};

/** `changed`: there is more or less to send. */
export function tray(
  nest: HTMLElement,
  config: PanelConfig,
  own: Words['t'],
  changed: () => void,
  field: HTMLElement,
): Tray {
  const t = fileTexts(own);
  let items: Item[] = [];
  const list = h('ul.chosen', { 'aria-label': t('file.chosen') });
  const wrong = h('small.error', { role: 'alert' });
  const ways = h('div.ways', { role: 'group', 'aria-label': t('composer.attach'), hidden: true });
  const voice = h('div');
  nest.append(ways, voice, list, wrong);
  draw();

  function way(line: string, text: string, run: () => void): HTMLElement {
    return button('way', () => (toggle(false), run()), glyph(line), text);
  }

  function chooser(kind: FileKind): HTMLElement {
    const input = h('input', { type: 'file', multiple: true, hidden: true, accept: ACCEPT[kind], 'data-kind': kind });
    input.ariaLabel = t('file.send_' + kind);
    input.onchange = () => {
      add([...(input.files ?? [])], kind);
      input.value = '';
    };
    return h(
      'span',
      way(GLYPHS[kind], t('file.send_' + kind), () => input.click()),
      input,
    );
  }

  ways.append(
    ...KINDS.map(chooser),
    way(MIC, t('file.record'), () => void record()),
  );
  ways.onkeydown = (event) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    toggle(false);
    field.focus();
  };

  function toggle(open = ways.hidden): void {
    ways.hidden = !open;
    if (open) ways.querySelector('button')?.focus();
  }

  async function record(): Promise<void> {
    if (voice.firstChild) return;
    const { recorder } = await import('./voice');
    const done = (file?: File) => {
      voice.replaceChildren();
      if (file) add([file]);
      field.focus();
    };
    voice.append(recorder(t, done));
  }

  function draw(): void {
    list.replaceChildren(...items.map(({ node }) => node));
    list.hidden = !items.length;
    changed();
  }

  function drop(item: Item): void {
    items = items.filter((one) => one !== item);
    release(item);
    draw();
  }

  function complain(problem: NonNullable<Prepared['problem']>, name: string): void {
    const limit = 'limit' in problem ? problem.limit : 0;
    const kind = 'kind' in problem ? t('kind.' + problem.kind).toLowerCase() : '';
    say(wrong, [wrong.textContent, t('file.' + problem.code, { name, limit, kind })].filter(Boolean).join(' '));
  }

  function add(files: File[], kind?: FileKind): void {
    say(wrong, files.length + items.length > MOST ? t('file.too_many', { limit: MOST }) : '');
    for (const file of files.slice(0, MOST - items.length)) void addOne(file, kind);
    field.focus();
  }

  async function addOne(file: File, kind?: FileKind): Promise<void> {
    const item: Item = { key: uuid(), node: h('li.doc', h('span.cut', file.name), h('small', t('file.preparing'))) };
    items.push(item);
    draw();
    const found = await prepare(file, kind ?? null, config.files!);
    if (!items.includes(item)) return;
    if (found.problem) {
      complain(found.problem, file.name);
      return drop(item);
    }
    item.found = found;
    item.node = preview(item, found);
    draw();
  }

  function preview(item: Item, { file, kind, duration_ms }: NonNullable<Item['found']>): HTMLElement {
    const { name, size } = file;
    const remove = button('icon', () => (drop(item), field.focus()), glyph(GLYPHS.close));
    remove.ariaLabel = remove.title = t('file.remove', { name });
    if (kind === 'image') item.preview = URL.createObjectURL(file);
    const image = item.preview && h('img', { src: item.preview, alt: '' });
    return h(
      'li.doc',
      image || glyph(GLYPHS[kind]),
      h('span.cut', h('b.cut', { title: name }, name), h('small', detailOf({ size, duration_ms }, config.language))),
      remove,
    );
  }

  function grab(): [Upload[], Promise<unknown>] {
    const keep = keepOf(config);
    const stored: Promise<unknown>[] = [];
    const uploads = items.flatMap(({ key, found }): Upload[] => {
      if (!found) return [];
      const { file, kind, width, height, duration_ms } = found;
      stored.push(keep.put(key, file));
      const { name, size, type } = file;
      return [{ key, name, kind, media_type: type || null, size, width, height, duration_ms }];
    });
    items.forEach(release);
    items = [];
    say(wrong, '');
    toggle(false);
    draw();
    return [uploads, Promise.all(stored)];
  }

  return {
    add,
    toggle: () => toggle(),
    grab,
    count: () => items.length,
    isBusy: () => items.some(({ found }) => !found),
  };
}
