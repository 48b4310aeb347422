// Numbers, or a short list, that are asked for again whenever something in them has come or changed.
import { live } from '../features/live/live.svelte';

/** Several at once are asked for once. */
const GATHER = 300;

export class Counted<Numbers> {
  now = $state.raw() as Numbers;
  #soon: ReturnType<typeof setTimeout> | undefined;
  #asked = 0;

  constructor(
    nothing: Numbers,
    /** With what the kinds of events begin that change them. */
    readonly concerns: string | readonly string[],
    readonly ask: () => Promise<Numbers>,
  ) {
    this.now = nothing;
  }

  /** While the console is open. */
  start(): () => void {
    void this.load();
    const stops = [
      live.whenSnapshot(() => this.#later()),
      live.whenFrame((frame) => {
        if (frame.t === 'event' && this.#concern(frame.event.kind)) this.#later();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#soon);
    };
  }

  #concern(kind: string): boolean {
    return [this.concerns].flat().some((beginning) => kind.startsWith(beginning));
  }

  #later(): void {
    clearTimeout(this.#soon);
    this.#soon = setTimeout(() => void this.load(), GATHER);
  }

  async load(): Promise<void> {
    const asked = (this.#asked += 1);
    try {
      const now = await this.ask();
      // An older answer may come later.
      if (asked === this.#asked) this.now = now;
    } catch {
      // The next change asks again; what is known stays.
    }
  }
}
