// Which of the two is being written, a reply or a note. It is the person's choice: the conversation's state may forbid sending,
// but changes the mode only while nobody has begun anything.
import type { Mode } from './drafts.svelte';

export class Writing {
  #mode = $state<Mode>('reply');
  /** The note stands here because there was nothing to reply to, not because it was chosen. */
  #isStopgap = $state(false);
  #mayReply = $state(true);

  constructor(mayReply: boolean, prefersNote: boolean) {
    this.#mayReply = mayReply;
    this.#mode = mayReply && !prefersNote ? 'reply' : 'note';
    this.#isStopgap = !mayReply;
  }

  get mode(): Mode {
    return this.#mode;
  }
  /** What is being written can be sent. */
  get maySend(): boolean {
    return this.#mode === 'note' || this.#mayReply;
  }
  /** Replying has become possible under somebody's note. */
  get offersReply(): boolean {
    return this.#mode === 'note' && this.#isStopgap && this.#mayReply;
  }

  choose(mode: Mode): void {
    this.#mode = mode;
    this.#isStopgap = mode === 'note' && !this.#mayReply;
  }

  /** The conversation's state has changed. `isBegun`: the field has the focus or holds a text. `prefersNote`: as when it began. */
  follow(mayReply: boolean, isBegun: boolean, prefersNote: boolean): void {
    if (mayReply === this.#mayReply) return;
    this.#mayReply = mayReply;
    if (isBegun) return;
    if (mayReply && this.#isStopgap) this.choose(prefersNote ? 'note' : 'reply');
    else if (!mayReply && this.#mode === 'reply') {
      this.#mode = 'note';
      this.#isStopgap = true;
    }
  }
}
