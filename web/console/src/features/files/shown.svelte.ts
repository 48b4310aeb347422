// Files as messages show them. Their addresses are good for half an hour; when one does not work any more, a fresh one is
// fetched, once.
import type { FileShown } from '@balcao/api';
import { SvelteMap } from 'svelte/reactivity';
import { api } from '../../api';

/** A little less than an address is good for at least. */
const GOOD_FOR = 25 * 60_000;

interface Fresh {
  /** The address that did not work. */
  instead: string;
  /** None: the fresh one did not work either, or could not be had. */
  file: FileShown | null;
}

class ShownFiles {
  #fresh = new SvelteMap<string, Fresh>();
  #asked = new Set<string>();
  #since = new Map<string, number>();

  /** What to show for a file of a message. */
  of(file: FileShown): FileShown {
    if (!this.#since.has(file.url)) this.#since.set(file.url, Date.now());
    const fresh = this.#fresh.get(file.id);
    return fresh?.instead === file.url && fresh.file ? fresh.file : file;
  }

  /** Changes when it is to be asked for again, even under the same address. */
  attempt(file: FileShown): number {
    return this.#fresh.get(file.id)?.instead === file.url ? 1 : 0;
  }

  isBroken(file: FileShown): boolean {
    const fresh = this.#fresh.get(file.id);
    return fresh?.instead === file.url && fresh.file === null;
  }

  /** It did not come. A second time, with a fresh address, it is said. */
  async broken(conversation: string, file: FileShown): Promise<void> {
    const fresh = this.#fresh.get(file.id);
    if (fresh?.instead === file.url) {
      this.#fresh.set(file.id, { instead: file.url, file: null });
      return;
    }
    if (this.#asked.has(file.url)) return;
    this.#asked.add(file.url);
    await this.#renew(conversation, file);
  }

  async #renew(conversation: string, file: FileShown): Promise<FileShown | null> {
    try {
      const found = await api.fileOf(conversation, file.id);
      this.#since.set(found.url, Date.now());
      this.#fresh.set(file.id, { instead: file.url, file: found });
      return found;
    } catch {
      // Without a network it is neither broken nor there: the next look asks again.
      this.#asked.delete(file.url);
      this.#fresh.set(file.id, { instead: file.url, file: null });
      return null;
    }
  }

  /** A click on a link that may be too old by now: asks first, then downloads. */
  download(event: MouseEvent, conversation: string, file: FileShown): void {
    const shown = this.of(file);
    if (Date.now() - (this.#since.get(shown.url) ?? 0) < GOOD_FOR) return;
    event.preventDefault();
    void this.#renew(conversation, file).then((found) => {
      const link = document.createElement('a');
      link.href = (found ?? shown).download_url;
      link.download = file.name;
      link.click();
    });
  }
}

export const shownFiles = new ShownFiles();
