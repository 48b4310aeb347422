// "Not you?", for a browser that several people use: asks, and then this browser knows nothing of whoever was there. The company's
// conversation stays. Loaded once there is somebody to be taken for.
import type { PanelConfig } from '../../shared/config';
import { button, h } from './dom';
import { ending } from './ending';
import { keepOf } from './keep';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import css from './more.css?inline';
import own from './fresh.css?inline';
import texts from 'texts:fresh';

wear(css);
wear(own);

/** Files that were to be sent go before the frame does. */
async function clear(config: PanelConfig): Promise<void> {
  const keep = keepOf(config);
  for (const key of await keep.keys()) await keep.remove(key);
}

/** Stands under the cards. `forget` is told when the panel's own storage is empty. */
export function fresh(place: HTMLElement, config: PanelConfig, forget: (cleared: Promise<void>) => void): void {
  const t = withTexts(texts, (text) => text);
  const opener = button('link', () => question.ask(), t('fresh.ask'));
  place.append(h('div.fresh', opener));
  const question = ending(
    opener,
    { question: t('fresh.question'), cancel: t('fresh.cancel'), confirm: t('fresh.confirm') },
    () => forget(clear(config)),
    () => opener.focus(),
  );
}
