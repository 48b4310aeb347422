// A sound that is played: where it is, how fast, and how loud it is along its way. One plays at a time.
import { peaksOf } from '@balcao/files';

const BARS = 40;
export const SPEEDS = [1, 1.5, 2] as const;

let current: HTMLAudioElement | null = null;

export class Player {
  isPlaying = $state(false);
  /** Seconds. */
  at = $state(0);
  length = $state(0);
  speed = $state(1);
  bars = $state.raw<readonly number[]>(Array.from({ length: BARS }, () => 0));
  #audio: HTMLAudioElement | null = null;
  #hasBars = false;

  /** `content`: of a sound that is not on the server, which may not be fetched. */
  constructor(private readonly content: () => Blob | null) {}

  attach = (audio: HTMLAudioElement): (() => void) => {
    this.#audio = audio;
    return () => {
      audio.pause();
      if (current === audio) current = null;
      this.#audio = null;
    };
  };

  async toggle(): Promise<void> {
    const audio = this.#audio;
    if (!audio) return;
    if (!audio.paused) return audio.pause();
    current?.pause();
    current = audio;
    audio.playbackRate = this.speed;
    try {
      await audio.play();
      await this.#loadBars(audio);
    } catch {
      // The element says by its error event what was wrong; a pause in between is no fault.
    }
  }

  faster(): void {
    const next = SPEEDS[(SPEEDS.findIndex((one) => one === this.speed) + 1) % SPEEDS.length] ?? 1;
    this.speed = next;
    if (this.#audio) this.#audio.playbackRate = next;
  }

  seek(seconds: number): void {
    if (!this.#audio || !this.length) return;
    this.at = Math.min(Math.max(0, seconds), this.length);
    this.#audio.currentTime = this.at;
  }

  moved(): void {
    const audio = this.#audio;
    if (!audio) return;
    this.at = audio.currentTime;
    if (Number.isFinite(audio.duration)) this.length = audio.duration;
  }

  /** Only of what somebody listens to: the browser has it by then. */
  async #loadBars(audio: HTMLAudioElement): Promise<void> {
    if (this.#hasBars) return;
    this.#hasBars = true;
    const content = this.content() ?? (await fetched(audio.currentSrc));
    const bars = content && (await peaksOf(content, BARS));
    if (bars) this.bars = bars;
  }
}

/** The policy lets nobody fetch what lies in the browser only. */
async function fetched(address: string): Promise<Blob | null> {
  if (address.startsWith('blob:')) return null;
  const answer = await fetch(address);
  return answer.ok ? answer.blob() : null;
}
