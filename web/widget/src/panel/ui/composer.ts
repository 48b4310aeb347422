// Where the visitor writes: grows with the text, Enter sends, the draft outlives a reload.
import type { Context } from './context';
import { h, icon, iconButton } from './dom';

export interface Composer {
  node: HTMLElement;
  update(): void;
  focus(): void;
  /** Takes over a text, as when a refused message is edited. */
  take(text: string): void;
}

export function composer(context: Context, onSend: (text: string) => void): Composer {
  const { client, prefs, words } = context;
  const { t } = words;
  const text = h('textarea', {
    rows: 1,
    maxlength: 10_000,
    enterkeyhint: 'send',
    'aria-label': t('composer.label'),
    oninput: () => typed(),
    onkeydown: (event) => onKey(event as KeyboardEvent),
    onblur: () => client.typing(false),
  });
  const emoji = iconButton('smile', t('composer.emoji'), () => void toggleEmoji());
  emoji.ariaExpanded = 'false';
  const send = h('button.go', { type: 'submit', 'aria-label': t('form.send') }, icon('up'));
  const room = h('div.emoji', { hidden: true });
  const node = h(
    'form.composer',
    { onsubmit: (event) => (event.preventDefault(), submit()) },
    room,
    h('div.field', text, emoji, send),
  );
  text.value = prefs.draft;

  function grow(): void {
    text.style.height = 'auto';
    // Empty, it is one line high whatever the placeholder would take.
    if (text.value) text.style.height = `${text.scrollHeight}px`;
    send.classList.toggle('is-ready', !!text.value.trim());
  }

  function typed(): void {
    grow();
    prefs.keepDraft(text.value);
    client.typing(!!text.value.trim());
  }

  function submit(): void {
    const wanted = text.value.trim();
    text.focus();
    if (!wanted) return;
    text.value = '';
    prefs.keepDraft('');
    closeEmoji();
    grow();
    onSend(wanted);
  }

  function onKey(event: KeyboardEvent): void {
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    submit();
  }

  function closeEmoji(): void {
    room.hidden = true;
    emoji.ariaExpanded = 'false';
  }

  async function toggleEmoji(): Promise<void> {
    if (!room.hidden) return closeEmoji();
    if (!room.firstChild) {
      const { picker } = await import('./emoji');
      room.append(picker(t('composer.emoji'), insert));
    }
    room.hidden = false;
    emoji.ariaExpanded = 'true';
    room.querySelector('button')?.focus();
  }

  function insert(chosen: string): void {
    text.setRangeText(chosen, text.selectionStart, text.selectionEnd, 'end');
    closeEmoji();
    text.focus();
    typed();
  }

  node.onkeydown = (event) => {
    if (event.key !== 'Escape' || room.hidden) return;
    event.stopPropagation();
    closeEmoji();
    emoji.focus();
  };

  function update(): void {
    const { state, line } = client;
    const isOver = state.conversation?.state === 'closed';
    const key = isOver ? '_closed' : state.online ? '' : '_offline';
    text.placeholder = t('composer.placeholder' + key);
    text.disabled = line === 'gone';
  }

  return {
    node,
    update,
    focus: () => (text.focus(), grow()),
    take(value) {
      text.value = value;
      typed();
      text.focus();
    },
  };
}
