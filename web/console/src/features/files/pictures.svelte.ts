// The pictures of the open conversation, one of them large.
import type { FileShown, Message } from '@balcao/api';
import { opened } from '../conversations/opened.svelte';

type WithFile = Message & { file: FileShown };

class Pictures {
  #current = $state<string | null>(null);
  all = $derived((opened.timeline?.messages ?? []).filter((one): one is WithFile => one.file?.kind === 'image'));
  current = $derived(this.all.some(({ file }) => file.id === this.#current) ? this.#current : null);

  open(file: string | null): void {
    this.#current = file;
  }

  find(file: string): FileShown | null {
    return this.all.find((one) => one.file.id === file)?.file ?? null;
  }
}

export const pictures = new Pictures();
