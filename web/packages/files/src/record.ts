// A voice message from the microphone: asked for, recorded, stopped, listened to, thrown away or kept (P-123). The states are
// pure; the browser's part is `Microphone`. What comes out is an MP3.

export type RecorderState = 'idle' | 'asking' | 'recording' | 'encoding' | 'ready' | 'failed';
export type RecordingFailure = 'denied' | 'missing' | 'broken' | 'unsupported';

/** What is heard of a recording under way. */
export interface Take {
  /** How loud it is now, 0 to 1. */
  level(): number;
  /** Ends it and answers the sound. */
  stop(): Promise<Blob>;
  /** Ends it for nothing. */
  cancel(): void;
}

export interface Recording {
  content: Blob;
  duration_ms: number;
}

/** It stops by itself then: a quarter of an hour is 5 MB. */
export const LONGEST = 15 * 60_000;
const TICK = 100;

export class Recorder {
  state: RecorderState = 'idle';
  failure: RecordingFailure | null = null;
  elapsed = 0;
  level = 0;
  result: Recording | null = null;
  #take: Take | null = null;
  #started = 0;
  #timer: ReturnType<typeof setInterval> | undefined;
  /** Counts what was begun, so that a late answer of something given up changes nothing. */
  #turn = 0;

  constructor(
    private readonly open: () => Promise<Take>,
    private readonly changed: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  async start(): Promise<void> {
    if (this.state === 'asking' || this.state === 'recording' || this.state === 'encoding') return;
    const turn = this.#reset('asking');
    try {
      const take = await this.open();
      if (turn !== this.#turn) return take.cancel();
      this.#take = take;
      this.#started = this.now();
      this.#timer = setInterval(() => this.#tick(), TICK);
      this.#to('recording');
    } catch (error) {
      if (turn === this.#turn) this.#fail(failureOf(error));
    }
  }

  async stop(): Promise<Recording | null> {
    if (this.state !== 'recording' || !this.#take) return this.result;
    const turn = this.#turn;
    clearInterval(this.#timer);
    const duration_ms = Math.max(1, this.now() - this.#started);
    this.elapsed = duration_ms;
    this.level = 0;
    this.#to('encoding');
    try {
      const content = await this.#take.stop();
      if (turn !== this.#turn) return null;
      this.result = { content, duration_ms };
      this.#to('ready');
    } catch {
      if (turn === this.#turn) this.#fail('broken');
    }
    return this.result;
  }

  /** Whatever there is, it is gone. */
  discard(): void {
    if (this.state === 'recording') this.#take?.cancel();
    this.#reset('idle');
  }

  #tick(): void {
    this.elapsed = this.now() - this.#started;
    this.level = this.#take?.level() ?? 0;
    if (this.elapsed >= LONGEST) void this.stop();
    else this.changed();
  }

  #reset(state: RecorderState): number {
    clearInterval(this.#timer);
    this.#take = this.result = this.failure = null;
    this.elapsed = this.level = 0;
    this.#turn += 1;
    this.#to(state);
    return this.#turn;
  }

  #fail(failure: RecordingFailure): void {
    clearInterval(this.#timer);
    this.failure = failure;
    this.#to('failed');
  }

  #to(state: RecorderState): void {
    this.state = state;
    this.changed();
  }
}

function failureOf(error: unknown): RecordingFailure {
  const name = error instanceof Error ? error.name : '';
  if (name === 'NotAllowedError' || name === 'SecurityError') return 'denied';
  if (name === 'NotFoundError' || name === 'OverconstrainedError') return 'missing';
  return name === 'TypeError' ? 'unsupported' : 'broken';
}

/** `encode` is loaded while somebody speaks. */
export async function microphone(
  encoder: () => Promise<{ encode(samples: Float32Array<ArrayBuffer>): Promise<Blob>; SAMPLE_RATE: number }>,
): Promise<Take> {
  // Not there at all on a page without HTTPS: a TypeError, which says "unsupported".
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { channelCount: 1, echoCancellation: true, noiseSuppression: true },
  });
  const loading = encoder();
  loading.catch(() => undefined); // Said when it is needed.
  const context = new AudioContext();
  const analyser = context.createAnalyser();
  context.createMediaStreamSource(stream).connect(analyser);
  const wave = new Float32Array(analyser.fftSize);
  const recorder = new MediaRecorder(stream);
  const parts: Blob[] = [];
  recorder.ondataavailable = ({ data }) => void (data.size && parts.push(data));
  const ended = new Promise<void>((done) => (recorder.onstop = () => done()));
  recorder.start(1_000);

  function release(): void {
    if (recorder.state !== 'inactive') recorder.stop();
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  }

  return {
    level() {
      analyser.getFloatTimeDomainData(wave);
      return Math.min(1, Math.sqrt(wave.reduce((sum, one) => sum + one * one, 0) / wave.length) * 4);
    },
    async stop() {
      release();
      await ended;
      const { encode, SAMPLE_RATE } = await loading;
      // Decoding brings it to the context's rate.
      const decoding = new OfflineAudioContext(1, 1, SAMPLE_RATE);
      const sound = await decoding.decodeAudioData(await new Blob(parts, { type: recorder.mimeType }).arrayBuffer());
      return encode(mono(sound));
    },
    cancel: release,
  };
}

function mono(sound: AudioBuffer): Float32Array<ArrayBuffer> {
  const out = new Float32Array(sound.length);
  for (let channel = 0; channel < sound.numberOfChannels; channel += 1)
    sound.getChannelData(channel).forEach((sample, at) => (out[at] = (out[at] ?? 0) + sample / sound.numberOfChannels));
  return out;
}
