// Where the visitor writes: grows with the text, Enter sends, the draft outlives a reload.
import type { Context } from './context';
import { h, icon, iconButton, say } from './dom';

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
    enterkeyhint: 'send',
    'aria-label': t('composer.label'),
    oninput: () => typed(),
    onkeydown: (event) => onKey(event as KeyboardEvent),
    onblur: () => client.typing(false),
  });
  const emoji = iconButton('smile', t('composer.emoji'), () => void toggleEmoji());
  const send = h('button.go', { type: 'submit', 'aria-label': t('form.send') }, icon('up'));
  const error = h('small.error', { role: 'status' });
  const room = h('div.emoji');
  /** As high as its text, which the style sheet lays out behind the field. */
  const size = h('div.size', text);
  const node = h(
    'form.composer',
    { onsubmit: (event) => (event.preventDefault(), submit()) },
    room,
    h('div.field', size, emoji, send),
    error,
  );

  /** Shows what is written, wherever it was: the draft may come from storage, or go with the form. */
  function show(): void {
    const { message = '' } = prefs.draft;
    if (text.value !== message) text.value = message;
    size.dataset.text = message;
    say(error, words.checkLength(message));
    text.ariaInvalid = String(!error.hidden);
    send.disabled = !message.trim() || !error.hidden;
  }

  function typed(message = text.value): void {
    prefs.keepDraft({ ...prefs.draft, message });
    show();
    client.typing(!!message.trim());
  }

  function submit(): void {
    const wanted = text.value.trim();
    text.focus();
    if (send.disabled) return;
    prefs.keepDraft({});
    closeEmoji();
    show();
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

  closeEmoji();
  node.onkeydown = (event) => {
    if (event.key !== 'Escape' || room.hidden) return;
    event.stopPropagation();
    closeEmoji();
    emoji.focus();
  };

  function update(): void {
    const { state, isGone } = client;
    const isOver = state.conversation?.state === 'closed';
    text.placeholder = t(isGone ? 'line.gone' : isOver ? 'composer.placeholder_closed' : 'composer.placeholder');
    text.disabled = emoji.disabled = isGone;
    show();
  }

  return {
    node,
    update,
    focus: () => text.focus(),
    take(message) {
      typed(message);
      text.focus();
    },
  };
}
