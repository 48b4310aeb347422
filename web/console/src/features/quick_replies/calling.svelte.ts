// Calling a quick reply while writing: a slash opens the list, arrows walk through it, Enter or Tab puts the reply into the text, Esc lets it be.
import type { QuickReply } from '@balcao/api';
import { calledAt, matching, type Called } from './called';
import { quickReplies } from './quick-replies.svelte';

const MOST_SHOWN = 50;

export class Calling {
  #called = $state.raw<Called | null>(null);
  /** Where a list was left with Esc: the same slash does not open it again. */
  #left: number | null = null;
  #pointed = $state<string | null>(null);
  /** Where a button has put a slash: what nobody typed goes again when the list is left. */
  #put: number | null = null;

  /** Shown while something fits, and while it is not known yet what there is. */
  found = $derived(this.#called ? matching(quickReplies.all, this.#called.query).slice(0, MOST_SHOWN) : []);
  isOpen = $derived(
    this.#called !== null &&
      (this.found.length > 0 ||
        quickReplies.state !== 'ready' ||
        (this.#called.query === '' && !quickReplies.all.length)),
  );
  active = $derived(this.found.find(({ id }) => id === this.#pointed) ?? this.found[0] ?? null);

  /** The text or the cursor has changed. */
  follow(text: string, cursor: number): void {
    const called = calledAt(text, cursor);
    if (called?.start !== this.#left) this.#left = null;
    if (called) quickReplies.need();
    this.#called = called && called.start !== this.#left ? called : null;
    if (!this.#called) this.#pointed = this.#put = null;
  }

  /** A button puts a slash at the end of a text, with a gap where one is missing, to call the list. */
  put(before: string): string {
    this.#put = before.length;
    return /\S$/.test(before) ? ' /' : '/';
  }

  /** From where the text is to be taken back, where the list is open because of the button; asked once. */
  takeBack(): number | null {
    const from = this.#put;
    this.#put = null;
    return from;
  }

  point(id: string): void {
    this.#pointed = id;
  }

  /** It is not meant. */
  leave(): void {
    this.#left = this.#called?.start ?? null;
    this.#called = null;
  }

  /** The conversation, the mode or the field is another one. */
  stop(): void {
    this.#called = null;
    this.#left = null;
    this.#put = null;
  }

  /** Where the chosen reply goes: from the slash to the cursor. */
  get start(): number {
    return this.#called?.start ?? 0;
  }

  /** Whether the key was for the list; `choose` is given what Enter and Tab have chosen. */
  key(event: KeyboardEvent, choose: (reply: QuickReply) => void): boolean {
    if (!this.isOpen || event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return false;
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (event.key === 'Escape') this.leave();
    else if (step && this.found.length) this.#move(step);
    else if ((event.key === 'Enter' || event.key === 'Tab') && !event.shiftKey && this.active) choose(this.active);
    else return false;
    event.preventDefault();
    event.stopPropagation();
    return true;
  }

  #move(step: number): void {
    const index = this.active ? this.found.indexOf(this.active) : 0;
    this.#pointed = this.found.at((index + step) % this.found.length)?.id ?? null;
  }
}
