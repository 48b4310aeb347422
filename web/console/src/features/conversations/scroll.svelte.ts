// Where the timeline stands: at its end it follows, anywhere else it stays put whatever is added above or below.
import type { Message } from '@balcao/api';

const NEAR_END = 48;
const NEAR_START = 240;

export class ScrollKeeper {
  isAtEnd = $state(true);
  isVisible = $state(document.visibilityState === 'visible');
  newCount = $state(0);
  #box: HTMLElement | null = null;
  #loadEarlier: () => void;
  #firstPosition: number | undefined;
  #lastPosition = 0;
  #unsentCount = 0;
  #heightBefore = 0;
  /** How far one could scroll when that was last looked at. */
  #room = 0;
  #isPrepending = false;
  #isReady = false;

  constructor(loadEarlier: () => void) {
    this.#loadEarlier = loadEarlier;
  }

  attach = (box: HTMLElement): (() => void) => {
    this.#box = box;
    const scrolled = () => this.#scrolled();
    // When the composer grows or the window changes, the end stays the end.
    const observer = new ResizeObserver(() => {
      if (this.isAtEnd) this.toEnd();
    });
    box.addEventListener('scroll', scrolled, { passive: true });
    observer.observe(box);
    if (box.firstElementChild) observer.observe(box.firstElementChild);
    this.toEnd();
    return () => {
      observer.disconnect();
      box.removeEventListener('scroll', scrolled);
      this.#box = null;
    };
  };

  visibilityChanged(): void {
    this.isVisible = document.visibilityState === 'visible';
  }

  /** Before the page changes: is something coming in above? */
  before(firstPosition: number | undefined): void {
    const held = this.#firstPosition;
    this.#isPrepending = held !== undefined && firstPosition !== undefined && firstPosition < held;
    this.#heightBefore = this.#box?.scrollHeight ?? 0;
    this.#firstPosition = firstPosition;
  }

  after(messages: readonly Message[], unsentCount: number): void {
    const box = this.#box;
    if (!box) return;
    const last = messages.at(-1)?.position ?? 0;
    const hasSent = unsentCount > this.#unsentCount;
    if (this.#isPrepending) {
      box.scrollTop += box.scrollHeight - this.#heightBefore;
      this.#isPrepending = false;
    } else if (this.isAtEnd || hasSent || !this.#isReady) {
      this.toEnd();
    } else if (last > this.#lastPosition) {
      const added = messages.filter((message) => message.position > this.#lastPosition && message.from !== 'system');
      this.newCount += added.length;
    }
    this.#isReady = true;
    this.#lastPosition = last;
    this.#unsentCount = unsentCount;
  }

  toEnd(): void {
    if (!this.#box) return;
    this.#box.scrollTop = this.#box.scrollHeight;
    this.#room = this.#box.scrollHeight - this.#box.clientHeight;
    this.isAtEnd = true;
    this.newCount = 0;
  }

  /** To what a search stands at. */
  toCurrent(): void {
    this.#box?.querySelector('mark[data-current]')?.scrollIntoView({ block: 'center' });
  }

  #scrolled(): void {
    const box = this.#box;
    if (!box) return;
    const room = box.scrollHeight - box.clientHeight;
    // A picture took another's place and moved what is shown: nobody has left the end.
    if (this.isAtEnd && room !== this.#room) return this.toEnd();
    this.#room = room;
    this.isAtEnd = room - box.scrollTop < NEAR_END;
    if (this.isAtEnd) this.newCount = 0;
    if (box.scrollTop < NEAR_START && this.#isReady) this.#loadEarlier();
  }
}
