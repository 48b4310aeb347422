// A voice message being made, for the screen.
import { microphone, Recorder, type Recording, type RecorderState, type RecordingFailure } from '@balcao/files/record';

export class VoiceRecording {
  state = $state<RecorderState>('idle');
  failure = $state<RecordingFailure | null>(null);
  elapsed = $state(0);
  level = $state(0);
  src = $state<string | null>(null);
  #recorder = new Recorder(
    () => microphone(() => import('@balcao/files/mp3')),
    () => this.#changed(),
  );

  start(): void {
    void this.#recorder.start();
  }

  stop(): void {
    void this.#recorder.stop();
  }

  discard(): void {
    this.#recorder.discard();
  }

  get result(): Recording | null {
    return this.#recorder.result;
  }

  #changed(): void {
    const { state, failure, elapsed, level, result } = this.#recorder;
    Object.assign(this, { state, failure, elapsed, level });
    if (!result === !this.src) return;
    if (this.src) URL.revokeObjectURL(this.src);
    this.src = result ? URL.createObjectURL(result.content) : null;
  }
}
