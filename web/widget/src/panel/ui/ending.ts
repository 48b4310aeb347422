// The bar that asks before the visitor ends the conversation.
import type { Context } from './context';
import { button, h } from './dom';

export interface Ending {
  node: HTMLElement;
  ask(): void;
  hide(): void;
}

/** `onDone`: the question is answered, either way. */
export function ending({ client, words: { t } }: Context, onDone: () => void): Ending {
  const cancel = button('link', done, t('chat.end_cancel'));
  const confirm = button('primary', () => (client.end(), done()), t('chat.end_confirm'));
  const question = t('chat.end_question');
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

  return { node, ask, hide };
}
