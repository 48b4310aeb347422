// What is being written is shown to who answers before it is sent, where the company has that: loaded only there, and it comes with the line
// that says so. Nothing is shown without that line.
import { h } from './dom';
import { withTexts } from './part-texts';
import { wear } from './sheet';
import css from './preview.css?inline';
import texts from 'texts:preview';

wear(css);

/** Often enough to read along, seldom enough for any network. */
const EVERY = 700;

/** `show`: tells who answers; an empty text ends it. */
export function preview(place: HTMLElement, field: HTMLTextAreaElement, show: (text: string) => void): void {
  const t = withTexts(texts, (text) => text);
  let timer: ReturnType<typeof setTimeout> | undefined;

  function tell(): void {
    timer = undefined;
    show(field.value.trim() ? field.value.slice(0, 1000) : '');
  }

  place.append(h('small.said-so', t('preview.note')));
  field.addEventListener('input', () => {
    // An emptied field is said at once.
    if (!field.value.trim()) {
      clearTimeout(timer);
      tell();
    } else timer ??= setTimeout(tell, EVERY);
  });
}
