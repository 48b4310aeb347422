// Tells of messages that arrive: once to screen readers, and by a sound while nobody looks.
import type { Row } from '../state';
import type { Context } from './context';
import { h } from './dom';
import { inLine } from './rows';

export interface News {
  node: HTMLElement;
  tell(rows: Row[], isSeen: boolean): void;
  /** Another tab has made the sound for what came until then. */
  heard(time: string | null): void;
}

export function news({ config, host, prefs, words }: Context, lastSound = '0'): News {
  const node = h('div.unseen', { 'aria-live': 'polite' });
  let sounded = Number(lastSound);

  function tell(rows: Row[], isSeen: boolean): void {
    node.textContent = rows
      .map((row) => `${row.name || config.settings.plugin_name}: ${inLine(row.text, row.file, words)}`)
      .join('\n');
    if (isSeen) return;
    const at = Date.parse(rows.at(-1)!.at);
    // One of the site's tabs makes the sound: whoever is first says so.
    setTimeout(() => {
      if (prefs.isMuted || sounded >= at) return;
      sounded = at;
      void host.put('h', `${at}`);
      void import('./sound').then(({ chime }) => chime());
    }, Math.random() * 400);
  }

  return { node, tell, heard: (time) => (sounded = Number(time)) };
}
