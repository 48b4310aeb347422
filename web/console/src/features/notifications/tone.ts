// Two short tones, made in the browser: a rising pair for a new conversation, one note for a message.
type Tone = 'conversation' | 'message';

const NOTES: Record<Tone, number[]> = { conversation: [659, 880], message: [784] };
const LENGTH = 0.16;
const LOUDNESS = 0.08;
let context: AudioContext | null = null;

/** Browsers allow sound only after a gesture: until then it stays silent. */
export function play(tone: Tone): void {
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  if (context.state === 'suspended') void context.resume();
  const start = context.currentTime + 0.02;
  NOTES[tone].forEach((frequency, index) => ring(context!, frequency, start + index * LENGTH * 0.8));
}

function ring(audio: AudioContext, frequency: number, at: number): void {
  const source = audio.createOscillator();
  const volume = audio.createGain();
  source.type = 'sine';
  source.frequency.value = frequency;
  volume.gain.setValueAtTime(0, at);
  volume.gain.linearRampToValueAtTime(LOUDNESS, at + 0.01);
  volume.gain.exponentialRampToValueAtTime(0.0001, at + LENGTH);
  source.connect(volume).connect(audio.destination);
  source.start(at);
  source.stop(at + LENGTH);
}
