// Records a voice message: time and level, stop, listen, throw away, use.
import { timeText } from '@balcao/files';
import { microphone, Recorder } from '@balcao/files/record';
import { button, glyph, h, say } from './dom';
import type { Words } from './words';

/** `done`: with the recording, or without one. */
export function recorder(t: Words['t'], done: (file?: File) => void): HTMLElement {
  const time = h('span.time', { role: 'timer' });
  const level = h('meter', { min: 0, max: 1, 'aria-label': t('file.level') });
  const words = h('span.words', { role: 'status' });
  const player = h('audio', { controls: true });
  const stop = button('primary', () => void voice.stop(), t('file.stop'));
  const use = button('primary', finish, t('file.use'));
  const discard = button('icon', cancel, glyph('M5 7h14M10 4h4M7 7l1 13h8l1-13'));
  discard.ariaLabel = discard.title = t('file.discard');
  const node = h(
    'div.voice',
    {
      role: 'group',
      'aria-label': t('file.record'),
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key !== 'Escape') return;
        event.stopPropagation();
        cancel();
      },
    },
    time,
    level,
    words,
    player,
    discard,
    stop,
    use,
  );

  const voice = new Recorder(() => microphone(() => import('@balcao/files/mp3')), draw);

  function draw(): void {
    const { state, failure, elapsed } = voice;
    const isOn = state === 'recording';
    const isReady = state === 'ready';
    time.hidden = level.hidden = stop.hidden = !isOn;
    player.hidden = use.hidden = !isReady;
    time.textContent = timeText(elapsed);
    level.value = voice.level;
    say(words, failure ? t('file.mic_' + failure) : isOn || isReady ? '' : t('file.' + state));
    words.classList.toggle('error', !!failure);
    if (isReady && !player.src && voice.result) player.src = URL.createObjectURL(voice.result.content);
    else if (!isReady && player.src) {
      URL.revokeObjectURL(player.src);
      player.removeAttribute('src');
    }
    if (isReady && document.activeElement === document.body) use.focus();
  }

  function cancel(): void {
    voice.discard();
    done();
  }

  function finish(): void {
    const stamp = new Date().toISOString().slice(0, 19).replace(/\D/g, '-');
    const made = voice.result && new File([voice.result.content], `audio-${stamp}.mp3`, { type: 'audio/mpeg' });
    if (!made) return;
    voice.discard();
    done(made);
  }

  draw();
  void voice.start();
  return node;
}
