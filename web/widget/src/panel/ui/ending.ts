// The bar that asks before the visitor ends the conversation, or has this browser forget it.
import { button, h } from './dom';

export interface Ending {
  ask(): void;
  hide(): void;
}

export interface Question {
  question: string;
  cancel: string;
  confirm: string;
}

/** Stands before `place`. `onDone`: the question is answered, either way. */
export function ending(place: HTMLElement, asked: Question, onEnd: () => void, onDone: () => void): Ending {
  const cancel = button('link', done, asked.cancel);
  const confirm = button('primary', () => (onEnd(), done()), asked.confirm);
  const { question } = asked;
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
