// A file inside a bubble: a picture with its room, the browser's own players, a card to download; and how far one has come.
import { sizeText, timeText, type FileShown } from '@balcao/files';
import type { PanelConfig } from '../../shared/config';
import type { Upload } from '../protocol';
import { fresh, keepOf, watch, type Ask } from './bring';
import { button, glyph, h, say } from './dom';
import { fileTexts } from './file-texts';
import type { Waiting } from './rows';
import type { Words } from './words';

export const GLYPHS = {
  image: 'M5 4h14v16H5zM5 16l4-4 4 4 2-2 4 4M14.5 9h.01',
  video: 'M4 6h11v12H4zM15 10l5-3v10l-5-3',
  audio: 'M4 10v4M8 7v10M12 4v16M16 8v8M20 10v4',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  down: 'M12 4v11M7 11l5 5 5-5M5 20h14',
  close: 'M6 6l12 12M18 6L6 18',
} as const;

type T = Words['t'];
const WIDEST = 230;
const TALLEST = 300;
/** A little less than an address is good for at least. */
const GOOD_FOR = 25 * 60_000;

export const detailOf = (
  { size, duration_ms }: { size: number; duration_ms: number | null },
  language: string,
): string => (duration_ms ? timeText(duration_ms) + ' · ' : '') + sizeText(size, language);

/** `abandon`: the visitor does not want to send it any more. `gone`: it is not shown any more. */
export function figure(
  file: FileShown | Waiting,
  own: T,
  config: PanelConfig,
  ask: Ask,
  abandon: () => void,
  gone: AbortSignal,
): HTMLElement {
  const t = fileTexts(own);
  return 'url' in file ? stored(file, t, config, ask) : waiting(file, t, config, abandon, gone);
}

function sized<E extends HTMLElement>(made: E, width: number | null, height: number | null): E {
  const [wide, high] = width && height ? [width, height] : [240, 180];
  const scale = Math.min(1, WIDEST / wide, TALLEST / high);
  made.setAttribute('width', `${Math.max(48, Math.round(wide * scale))}`);
  made.setAttribute('height', `${Math.max(32, Math.round(high * scale))}`);
  return made;
}

function media(
  kind: 'image' | 'video' | 'audio',
  src: string,
  { name, width, height }: { name: string; width: number | null; height: number | null },
  onerror?: () => void,
): HTMLElement {
  if (kind === 'image') return sized(h('img', { src, alt: name, onerror }), width, height);
  const player = h(kind, { src, controls: true, preload: 'metadata', 'aria-label': name, onerror });
  return kind === 'video' ? sized(player, width, height) : player;
}

function card({ kind, name, ...file }: FileShown | Upload, language: string, href?: string): HTMLElement {
  const inside = [
    glyph(GLYPHS[kind]),
    h('span.cut', h('b.cut', { title: name }, name), ' ', h('small', detailOf(file, language))),
  ];
  return href ? h('a.doc', { href, download: name }, ...inside, glyph(GLYPHS.down)) : h('div.doc', ...inside);
}

function stored(file: FileShown, t: T, config: PanelConfig, ask: Ask): HTMLElement {
  const node = h('div');
  const drawnAt = Date.now();
  let isRenewed = false;

  function draw(shown: FileShown): void {
    const { kind, name } = shown;
    let made: HTMLElement;
    if (kind === 'file') {
      made = card(shown, config.language, shown.download_url);
      made.setAttribute('aria-label', t('file.download', { name: `${name} ${detailOf(shown, config.language)}` }));
      made.onclick = (event) => void download(event);
    } else {
      made = media(kind, (kind === 'image' && shown.preview_url) || shown.url, shown, () => void broken(shown));
      if (kind === 'image') made = picture(shown, made);
    }
    node.replaceChildren(made);
  }

  function picture(shown: FileShown, image: HTMLElement): HTMLElement {
    const opener = button('picture', () => void open(opener), image);
    opener.ariaLabel = t('file.open', { name: shown.name });
    opener.dataset.url = shown.url;
    opener.dataset.download = shown.download_url;
    opener.dataset.name = shown.name;
    return opener;
  }

  async function open(opener: HTMLElement): Promise<void> {
    const { lightbox } = await import('./lightbox');
    lightbox(opener, t);
  }

  /** Its address is too old: a fresh one, once. */
  async function broken(shown: FileShown): Promise<void> {
    const again = isRenewed ? null : await fresh(file.id, ask);
    isRenewed = true;
    if (again) draw(again);
    else node.replaceChildren(card(shown, config.language), h('small', t('file.broken')));
  }

  async function download(event: Event): Promise<void> {
    if (Date.now() - drawnAt < GOOD_FOR || isRenewed) return;
    event.preventDefault();
    const again = await fresh(file.id, ask);
    isRenewed = true;
    draw(again ?? file);
    node.querySelector('a')?.click();
  }

  draw(file);
  return node;
}

function waiting(file: Waiting, t: T, config: PanelConfig, abandon: () => void, gone: AbortSignal): HTMLElement {
  const { key, kind, name, size, isHeld } = file;
  const node = h('div', card(file, config.language));
  if (kind !== 'file')
    void keepOf(config)
      .get(key)
      .then((content) => {
        if (!content || gone.aborted) return;
        const url = URL.createObjectURL(content);
        gone.onabort = () => URL.revokeObjectURL(url);
        node.firstChild!.replaceWith(media(kind, url, file));
      });
  if (isHeld) return node;
  const label = t('file.sending', { name });
  const bar = h('progress', { max: 100, value: 0, 'aria-label': label });
  const figures = h('span');
  const cancel = button('icon', abandon, glyph(GLYPHS.close));
  cancel.ariaLabel = cancel.title = t('file.cancel', { name });
  const told = (received: number) => {
    bar.value = Math.floor((received / size) * 100);
    say(figures, bar.value + '%');
  };
  watch(key, told, gone);
  node.append(h('div.going', bar, figures, cancel));
  return node;
}
