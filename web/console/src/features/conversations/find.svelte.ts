// Searching within the open conversation: what was found, where one stands, and fetching earlier lines until something turns up.
import type { Message } from '@balcao/api';
import { hasWords, wordsOf, type Search } from '@balcao/ui';
import { opened } from './opened.svelte';

class Find {
  /** The conversation it is open in: in the next one it is closed. */
  #id = $state<string | null>(null);
  typed = $state('');
  isLooking = $state(false);
  /** The position of the message one stands at. */
  #at = $state<number | null>(null);

  isOpen = $derived(this.#id !== null && this.#id === opened.id);
  words = $derived(this.isOpen ? wordsOf(this.typed) : []);
  #found = $derived.by(() => (opened.timeline?.messages ?? []).filter((message) => this.#fits(message)));
  /** The message one stands at: the chosen one, else the newest. */
  current = $derived(this.#found.find((message) => message.position === this.#at) ?? this.#found.at(-1) ?? null);
  count = $derived(this.#found.length);
  /** Counted from the newest, as one walks. */
  place = $derived(this.current ? this.#found.length - this.#found.indexOf(this.current) : 0);
  hasEarlier = $derived(opened.timeline?.hasEarlier ?? false);
  mayGoBack = $derived(this.words.length > 0 && (this.place < this.count || this.hasEarlier));
  mayGoOn = $derived(this.place > 1);

  #fits(message: Message): boolean {
    return message.kind !== 'system' && hasWords(message.text, this.words);
  }

  open(): void {
    if (opened.id) this.openIn(opened.id, this.typed, null);
  }

  /** Also for a conversation that is only now being opened: `look` follows when its messages are there. */
  openIn(id: string, text: string, position: number | null): void {
    this.#id = id;
    this.typed = text;
    this.#at = position;
  }

  close(): void {
    this.#id = null;
  }

  type(text: string): void {
    this.typed = text;
    this.#at = null;
    void this.look();
  }

  /** What a message at a position shows of it. */
  shownAt(position: number | null): Search | null {
    if (this.words.length === 0) return null;
    return { words: this.words, isCurrent: position !== null && position === this.current?.position };
  }

  /** To the next newer one. */
  goOn(): void {
    this.#at = this.#found[this.#found.length - this.place + 1]?.position ?? this.#at;
  }

  /** To the next older one, fetching what lies further back while there is none. */
  async goBack(): Promise<void> {
    const from = this.current?.position ?? Infinity;
    const older = () => this.#found.findLast((message) => message.position < from);
    await this.#fetchUntil(() => older() !== undefined);
    this.#at = older()?.position ?? this.#at;
  }

  /** Until something is found at all, or until the message one came for is there. */
  async look(): Promise<void> {
    const position = this.#at;
    const first = () => opened.timeline?.messages[0]?.position ?? 0;
    await this.#fetchUntil(() => (position === null ? this.count > 0 : first() <= position));
  }

  async #fetchUntil(isDone: () => boolean): Promise<void> {
    const { id } = opened;
    const { typed } = this;
    while (!isDone() && this.words.length > 0 && this.hasEarlier && id === opened.id && typed === this.typed) {
      this.isLooking = true;
      if (!(await opened.loadEarlier())) break;
    }
    if (id === opened.id && typed === this.typed) this.isLooking = false;
  }
}

export const find = new Find();
