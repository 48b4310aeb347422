// The bar that asks before the visitor ends the conversation.
import { button, h } from './dom';
import type { Words } from './words';

export interface Ending {
  ask(): void;
  hide(): void;
}

/** Stands before `place`. `onDone`: the question is answered, either way. */
export function ending(place: HTMLElement, t: Words['t'], onEnd: () => void, onDone: () => void): Ending {
  const cancel = button('link', done, t('more.end_cancel'));
  const confirm = button('primary', () => (onEnd(), done()), t('more.end_confirm'));
  const question = t('more.end_question');
  const node = h(
    'div.ending',
    { hidden: true, role: 'group', 'aria-label': question, onkeydown: (event) => onKey(event) },
    h('span', question),
    h('span.acts', cancel, confirm),
  );

  function hide(): void {
    node.hidden = true;
  }

  function done(): void {
    hide();
    onDone();
  }

  function onKey(event: Event): void {
    if ((event as KeyboardEvent).key !== 'Escape') return;
    event.stopPropagation();
    done();
  }

  function ask(): void {
    node.hidden = false;
    cancel.focus();
  }

  place.before(node);
  return { ask, hide };
}
