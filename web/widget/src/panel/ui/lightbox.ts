// The conversation's pictures, large: arrow keys go from one to the next, Esc closes, the focus goes back.
import { button, glyph, h } from './dom';
import type { Words } from './words';

export function lightbox(opener: HTMLElement, t: Words['t']): void {
  const all = [...document.querySelectorAll<HTMLElement>('button.picture')];
  let at = all.indexOf(opener);
  const image = h('img');
  const name = h('b.cut');
  const count = h('small');
  const down = h('a.icon', glyph('M12 4v11M7 11l5 5 5-5M5 20h14'));
  const step = (by: number, line: string, key: string) => {
    const made = button('icon', () => go(by), glyph(line));
    made.ariaLabel = t(key);
    return made;
  };
  const back = step(-1, 'M15 5l-7 7 7 7', 'file.previous');
  const forth = step(1, 'M9 5l7 7-7 7', 'file.next');
  const close = button('icon', () => dialog.close(), glyph('M6 6l12 12M18 6L6 18'));
  close.ariaLabel = t('file.close');
  const dialog = h('dialog.lightbox', h('header', h('span.cut', name, count), down, close), back, image, forth);

  function go(by: number): void {
    const next = all[at + by];
    if (!next) return;
    at += by;
    const { url = '', download = '', name: title = '' } = next.dataset;
    image.src = url;
    image.alt = name.textContent = dialog.ariaLabel = title;
    count.textContent = all.length > 1 ? `${at + 1} / ${all.length}` : '';
    down.href = download;
    down.download = title;
    down.ariaLabel = t('file.download', { name: title });
    back.hidden = at === 0;
    forth.hidden = at === all.length - 1;
  }

  dialog.onkeydown = (event) => {
    // Esc would close the whole panel.
    event.stopPropagation();
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) go(by);
  };
  dialog.onclose = () => {
    dialog.remove();
    const current = all[at];
    (current?.isConnected ? current : opener).focus();
  };
  document.body.append(dialog);
  go(0);
  dialog.showModal();
  close.focus();
}
