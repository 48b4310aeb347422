// Files as messages show them. Their addresses are good for half an hour; when one does not work any more, a fresh one is
// fetched, once. What the network kept away is tried again when it is back, or by a click.
import type { FileShown } from '@balcao/api';
import { api } from '../../api';

/** A little less than an address is good for at least. */
const GOOD_FOR = 25 * 60_000;

interface Showing {
  /** Since when its address is known. */
  since: number;
  fresh: FileShown | null;
  /** How many fresh ones there were. */
  attempt: number;
  /** `unreachable`: a fresh address could not be had; `broken`: it did not work either. */
  state: 'fine' | 'renewing' | 'renewed' | 'unreachable' | 'broken';
  /** The turn in which it failed. */
  turn: number;
}

/** Of how many addresses it is known how they did; the oldest are forgotten. */
const MOST = 500;

class ShownFiles {
  /** By the address its message holds: the message may be read again meanwhile. */
  #all = new Map<string, Showing>();
  #version = $state(0);
  /** Grows when the network is back: what failed in an earlier turn is tried again. */
  #turn = 0;

  #of(file: FileShown): Showing {
    const held = this.#all.get(file.download_url);
    if (held) return held;
    const made: Showing = { since: Date.now(), fresh: null, attempt: 0, state: 'fine', turn: 0 };
    this.#all.set(file.download_url, made);
    const [oldest] = this.#all.keys();
    if (oldest !== undefined && this.#all.size > MOST) this.#all.delete(oldest);
    return made;
  }

  /** Read by what is drawn, so that it is drawn again when something changes. */
  #drawn(file: FileShown): Showing {
    void this.#version;
    return this.#of(file);
  }

  #change(file: FileShown, change: Partial<Showing>): void {
    Object.assign(this.#of(file), change);
    this.#version += 1;
  }

  /** What to show for a file of a message. */
  of(file: FileShown): FileShown {
    return this.#drawn(file).fresh ?? file;
  }

  /** Changes when it is to be asked for again, even under the same address. */
  attempt(file: FileShown): number {
    return this.#drawn(file).attempt;
  }

  isBroken(file: FileShown): boolean {
    return this.#drawn(file).state === 'broken' && this.#isOfNow(file);
  }

  /** It could not be had; a click may help. */
  isUnreachable(file: FileShown): boolean {
    return this.#drawn(file).state === 'unreachable' && this.#isOfNow(file);
  }

  #isOfNow(file: FileShown): boolean {
    return this.#of(file).turn === this.#turn;
  }

  /** It did not come. A second time, with a fresh address, it is said. */
  async broken(conversation: string, file: FileShown): Promise<void> {
    const { state } = this.#of(file);
    if (state === 'renewing' || this.isBroken(file) || this.isUnreachable(file)) return;
    if (state === 'renewed') return this.#change(file, { state: 'broken', turn: this.#turn });
    const turn = this.#turn;
    this.#change(file, { state: 'renewing' });
    try {
      this.#renewed(file, await api.fileOf(conversation, file.id));
    } catch {
      const isOfNow = turn === this.#turn;
      // The network came back while it was asked for: once more.
      this.#change(
        file,
        isOfNow ? { state: 'unreachable', turn } : { state: 'fine', attempt: this.#of(file).attempt + 1 },
      );
    }
  }

  #renewed(file: FileShown, fresh: FileShown): void {
    const { attempt } = this.#of(file);
    this.#change(file, { fresh, since: Date.now(), attempt: attempt + 1, state: 'renewed' });
  }

  /** A click on what could not be had. */
  retry(file: FileShown): void {
    this.#change(file, { state: 'fine' });
  }

  /** The network is back. */
  retryAll(): void {
    this.#turn += 1;
    this.#version += 1;
  }

  /** A click on a link that may be too old by now: asks first, then downloads. */
  download(event: MouseEvent, conversation: string, file: FileShown): void {
    if (Date.now() - this.#of(file).since < GOOD_FOR) return;
    event.preventDefault();
    void this.#downloadFresh(conversation, file);
  }

  async #downloadFresh(conversation: string, file: FileShown): Promise<void> {
    try {
      this.#renewed(file, await api.fileOf(conversation, file.id));
    } catch {
      // The old address then: the browser says what is wrong with it.
    }
    const link = document.createElement('a');
    link.href = this.of(file).download_url;
    link.download = file.name;
    link.click();
  }
}

export const shownFiles = new ShownFiles();
