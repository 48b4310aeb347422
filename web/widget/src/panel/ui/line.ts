// The slim bar that says how the connection is, when there is something to say.
import type { Client } from '../client';
import { h, say } from './dom';
import type { Words } from './words';

/** A short break is not worth a word. */
const LOST_AFTER = 1500;

export interface ConnectionLine {
  node: HTMLElement;
  /** `isSaid`: the screen itself says that the chat is switched off. */
  update(isSaid: boolean): void;
}

export function connectionLine(client: Client, words: Words): ConnectionLine {
  const node = h('div.connection', { role: 'status', hidden: true });
  /** Since the line was lost; nothing while it stands or was never there. */
  let isDown = false;
  let isLost = false;
  let timer: ReturnType<typeof setTimeout> | undefined;

  function update(isSaid: boolean): void {
    const { line, isGone, isReachable } = client;
    isDown = line === 'lost' || (isDown && line === 'connecting');
    if (!isDown) {
      clearTimeout(timer);
      timer = undefined;
      isLost = false;
    }
    timer ??= isDown ? setTimeout(() => ((isLost = true), update(false)), LOST_AFTER) : undefined;
    const key = isGone && !isSaid ? 'gone' : isLost ? (isReachable ? 'slow' : 'lost') : '';
    say(node, key && words.t('line.' + key));
  }

  return { node, update };
}
