// "Not you?", for a browser that several people use: asks, and then this browser knows nothing of whoever was there. The company's
// conversation stays. Loaded once there is somebody to be taken for.
import { button, h } from './dom';
import { ending } from './ending';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import css from './more.css?inline';
import own from './fresh.css?inline';
import texts from 'texts:fresh';

wear(css);
wear(own);

/** Stands under the cards. */
export function fresh(place: HTMLElement, forget: () => void): void {
  const t = withTexts(texts, (text) => text);
  const opener = button('link', () => question.ask(), t('fresh.ask'));
  place.append(h('div.fresh', opener));
  const question = ending(
    opener,
    { question: t('fresh.question'), cancel: t('fresh.cancel'), confirm: t('fresh.confirm') },
    forget,
    () => opener.focus(),
  );
}
