// The conversation's lines on screen: follows the newest one, or keeps the place of who reads further up.
import type { Context } from './context';
import { button, h, icon } from './dom';
import { acts, keyed, makeLine } from './lines';
import { linesOf } from './rows';

const NEAR = 48;

export interface Timeline {
  node: HTMLElement;
  update(): void;
  /** To the newest line, as after sending. */
  toEnd(): void;
  /** Counts what arrived below the reader's place. */
  arrived(count: number): void;
}

export function timeline(context: Context, edit: (id: string) => void): Timeline {
  const { client, config, words } = context;
  const list = h('div.lines', {
    role: 'log',
    'aria-live': 'off',
    'aria-label': words.t('chat.history'),
    tabindex: 0,
  });
  const more = h('span');
  const pill = button('pill', toEnd, more, icon('down'));
  const node = h('div.timeline', list, pill);
  const draw = keyed(list, (line, gone) => makeLine(line, context, edit, gone));
  pill.hidden = true;
  let isAtEnd = true;
  let place = 0;
  let news = 0;
  /** The first line at which what is before it was asked for. */
  let begun = '';

  function toEnd(): void {
    list.scrollTop = list.scrollHeight;
    isAtEnd = true;
    count(0);
  }

  function count(now: number): void {
    news = now;
    pill.hidden = true;
    if (!news) return;
    more.textContent = words.t('loader.unread', { count: news });
    void acts().then(() => (pill.hidden = !news));
  }

  /** The first line in sight keeps its place when others come in above it. */
  function update(): void {
    const top = list.scrollTop;
    const anchor = isAtEnd ? undefined : ([...list.children] as HTMLElement[]).find((line) => line.offsetTop >= top);
    const before = anchor?.offsetTop ?? 0;
    const lines = linesOf(client, words, config.settings.plugin_name);
    draw(lines);
    if (isAtEnd) list.scrollTop = list.scrollHeight;
    else if (anchor?.isConnected) list.scrollTop = top + anchor.offsetTop - before;
    fill(lines[0]?.key);
  }

  /** Where there is room left above, it is for what was said before. Asked for once at each beginning, whatever the answer. */
  function fill(first = ''): void {
    if (first === begun || !list.clientHeight || list.scrollHeight > list.clientHeight) return;
    begun = first;
    void client.loadEarlier();
  }

  // The end is left by going up, not by a picture or a narrower window that makes what is above it longer.
  list.onscroll = () => {
    const isNear = list.scrollHeight - list.scrollTop - list.clientHeight < NEAR;
    isAtEnd = isNear || (isAtEnd && list.scrollTop >= place);
    place = list.scrollTop;
    if (isNear) count(0);
    else if (isAtEnd) toEnd();
    if (list.scrollTop < 200) void client.loadEarlier();
  };
  new ResizeObserver(() => isAtEnd && toEnd()).observe(list);
  return { node, update, toEnd, arrived: (more) => !isAtEnd && count(news + more) };
}
