// Where the visitor writes: grows with the text, Enter sends, the draft outlives a reload. What takes files is loaded with the
// first one: by its button, by pasting or by dropping.
import type { Upload } from '../protocol';
import type { Tray } from './attach';
import type { Context } from './context';
import { h, icon, iconButton, none, say } from './dom';

export interface Composer {
  node: HTMLElement;
  update(): void;
  focus(): void;
  /** Takes over a text, as when a refused message is edited. */
  take(text: string): void;
  /** Files may be dropped on it. */
  listen(place: HTMLElement): void;
}

type OnSend = (text: string, uploads?: Upload[], isThere?: Promise<unknown>) => void;

export function composer(context: Context, onSend: OnSend): Composer {
  const { client, config, prefs, words } = context;
  const { t } = words;
  const text = h('textarea', {
    rows: 1,
    enterkeyhint: 'send',
    'aria-label': t('composer.label'),
    oninput: () => typed(),
    onkeydown: (event) => onKey(event as KeyboardEvent),
    onpaste: (event) => adopt(event, (event as ClipboardEvent).clipboardData),
    onblur: () => client.typing(false),
  });
  const emoji = iconButton('smile', t('composer.emoji'), () => void toggleEmoji());
  const clip = iconButton('clip', t('composer.attach'), () => void files((tray) => tray.toggle()));
  const send = h('button.go', { type: 'submit', 'aria-label': t('form.send') }, icon('up'));
  const error = h('small.error', { role: 'status' });
  const room = h('div.emoji');
  const nest = h('div');
  /** As high as its text, which the style sheet lays out behind the field. */
  const size = h('div.size', text);
  let tray: Tray | undefined;
  const node = h(
    'form.composer',
    { onsubmit: (event) => (event.preventDefault(), submit()) },
    room,
    nest,
    h('div.field', config.files && clip, size, emoji, send),
    error,
  );

  /** Shows what is written, wherever it was: the draft may come from storage, or go with the form. */
  function show(): void {
    const { message = '' } = prefs.draft;
    if (text.value !== message) text.value = message;
    size.dataset.text = message;
    say(error, words.checkLength(message));
    text.ariaInvalid = String(!error.hidden);
    send.disabled = !(message.trim() || tray?.count()) || !error.hidden || !!tray?.isBusy();
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
    const [uploads, isThere] = tray?.grab() ?? [];
    show();
    onSend(wanted, uploads, isThere);
  }

  async function files(use: (tray: Tray) => void): Promise<void> {
    if (!config.files || client.isGone) return;
    try {
      const { tray: make } = await import('./attach');
      tray ??= make(nest, config, t, show, text);
      closeEmoji();
      use(tray);
    } catch {
      // It did not come through: the next press asks again.
    }
  }

  /** Where files come along, the browser does nothing of its own with them. */
  function adopt(event: Event, given: DataTransfer | null): void {
    // Office programs put a picture beside the text they copy.
    const all = given?.types.includes('text/plain') ? [] : [...(given?.files ?? [])];
    if (!config.files || !all.length) return;
    event.preventDefault();
    void files((tray) => tray.add(all));
  }

  function listen(place: HTMLElement): void {
    place.ondragover = (event) => {
      if (!config.files || !event.dataTransfer?.types.includes('Files')) return;
      event.preventDefault();
      place.classList.add('drop');
      if (!tray) void files(() => {}); // Its looks too.
    };
    place.ondragleave = (event) => {
      if (!place.contains(event.relatedTarget as Node | null)) place.classList.remove('drop');
    };
    place.ondrop = (event) => {
      place.classList.remove('drop');
      adopt(event, event.dataTransfer);
    };
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
  // Where it does not come through, nothing is shown.
  if (config.settings.typing_preview) import('./preview').then((part) => part.preview(node, text, client.reveal), none);
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
    text.disabled = emoji.disabled = clip.disabled = isGone;
    show();
  }

  return {
    node,
    update,
    listen,
    focus: () => text.focus(),
    take(message) {
      typed(message);
      text.focus();
    },
  };
}
