// The small menu in the conversation's header: sounds, end of conversation.
import { button, h } from './dom';

export interface Choice {
  text: string;
  run(): void;
}

/** Puts the menu beside its opener; answers what opens and closes it, and what closes one whose choices are others by now. */
export function menu(
  node: HTMLElement,
  opener: HTMLElement,
  choices: () => Choice[],
): [turn: () => void, check: () => void] {
  const list = h('div.menu', { hidden: true });
  const offered = () => `${choices().map(({ text }) => text)}`;
  let shown = '';
  node.append(list);

  function toggle(open: boolean): void {
    list.hidden = !open;
    opener.ariaExpanded = String(open);
    if (!open) return;
    shown = offered();
    list.replaceChildren(
      ...choices().map(({ text, run }) => button('', () => (toggle(false), opener.focus(), run()), text)),
    );
    list.querySelector('button')?.focus();
  }

  function check(): void {
    if (list.hidden || shown === offered()) return;
    const isIn = list.contains(document.activeElement);
    toggle(false);
    if (isIn) opener.focus();
  }

  function onKey(event: KeyboardEvent): void {
    if (list.hidden) return;
    const buttons = [...list.querySelectorAll('button')];
    const step = event.key === 'ArrowDown' ? 1 : event.key === 'ArrowUp' ? -1 : 0;
    if (event.key === 'Escape') {
      event.stopPropagation();
      toggle(false);
      opener.focus();
    } else if (step) {
      event.preventDefault();
      const from = buttons.indexOf(document.activeElement as HTMLButtonElement);
      buttons[(from + step + buttons.length) % buttons.length]?.focus();
    }
  }

  node.onkeydown = onKey;
  node.addEventListener('focusout', (event) => {
    if (!node.contains(event.relatedTarget as Node | null)) toggle(false);
  });
  return [() => toggle(list.hidden), check];
}
