// Two soft notes for a message that arrives while nobody looks. Synthesised: no file, nothing to load.

let audio: AudioContext | undefined;

export function chime(): void {
  try {
    audio ??= new AudioContext();
    const { currentTime: now, destination } = audio;
    void audio.resume();
    for (const [note, after] of [
      [660, 0],
      [880, 0.12],
    ] as const) {
      const tone = audio.createOscillator();
      const volume = audio.createGain();
      tone.frequency.value = note;
      volume.gain.setValueAtTime(0, now + after);
      volume.gain.linearRampToValueAtTime(0.08, now + after + 0.02);
      volume.gain.exponentialRampToValueAtTime(0.0001, now + after + 0.35);
      tone.connect(volume).connect(destination);
      tone.start(now + after);
      tone.stop(now + after + 0.4);
    }
  } catch {
    // No sound device, or the browser wants a click first: the badge says it too.
  }
}
