// Tells that somebody is writing, at most every three seconds, and that they stopped.
const EVERY = 3_000;
const FORGOTTEN_AFTER = 5_000;

export class TypingSign {
  #say: (on: boolean) => void;
  #lastSaid = 0;
  #isOn = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(say: (on: boolean) => void) {
    this.#say = say;
  }

  typed(): void {
    const now = Date.now();
    if (!this.#isOn || now - this.#lastSaid >= EVERY) {
      this.#say(true);
      this.#lastSaid = now;
      this.#isOn = true;
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.stop(), FORGOTTEN_AFTER);
  }

  stop(): void {
    clearTimeout(this.#timer);
    if (!this.#isOn) return;
    this.#isOn = false;
    this.#say(false);
  }
}
