// What was chosen and not sent yet, for one conversation and mode. It stays while one looks elsewhere, like a draft.
import type { FileKind } from '@balcao/api';
import { prepare, type Limits, type Measures, type Problem } from '@balcao/files';
import { newId, type UnsentFile } from '@balcao/live';

const MOST = 10;

export interface Chosen extends Measures {
  key: string;
  file: File;
  kind: FileKind;
  isPreparing: boolean;
  /** Address of a picture, while it is here. */
  picture: string | null;
}

export interface Refused {
  key: string;
  name: string;
  problem: Problem | { code: 'too_many'; limit: number };
}

export class Attaching {
  items = $state.raw<readonly Chosen[]>([]);
  /** What could not be taken; until it is dismissed, or something is chosen anew. */
  refused = $state.raw<readonly Refused[]>([]);
  isPreparing = $derived(this.items.some((item) => item.isPreparing));

  /** `kind`: the button it was chosen with; none for what was pasted or dropped. */
  async add(files: readonly File[], kind: FileKind | null, limits: Limits): Promise<void> {
    const room = MOST - this.items.length;
    this.refused = files
      .slice(room)
      .map(({ name }) => ({ key: newId(), name, problem: { code: 'too_many', limit: MOST } as const }));
    await Promise.all(files.slice(0, room).map((file) => this.#addOne(file, kind, limits)));
  }

  async #addOne(file: File, kind: FileKind | null, limits: Limits): Promise<void> {
    const key = newId();
    const chosen: Chosen = {
      key,
      file,
      kind: kind ?? 'file',
      isPreparing: true,
      picture: null,
      width: null,
      height: null,
      duration_ms: null,
    };
    this.items = [...this.items, chosen];
    const found = await prepare(file, kind, limits);
    if (!this.items.some((item) => item.key === key)) return; // Removed meanwhile.
    if (found.problem) {
      this.items = this.items.filter((item) => item.key !== key);
      this.refused = [...this.refused, { key, name: file.name, problem: found.problem }];
      return;
    }
    const { width, height, duration_ms } = found;
    const picture = found.kind === 'image' ? URL.createObjectURL(found.file) : null;
    const ready = { key, file: found.file, kind: found.kind, picture, isPreparing: false, width, height, duration_ms };
    this.items = this.items.map((item) => (item.key === key ? ready : item));
  }

  remove(key: string): void {
    const item = this.items.find((one) => one.key === key);
    if (item?.picture) URL.revokeObjectURL(item.picture);
    this.items = this.items.filter((one) => one !== item);
  }

  dismiss(): void {
    this.refused = [];
  }

  /** All of them, to be sent in this order. */
  take(): { content: Blob; file: UnsentFile }[] {
    const taken = this.items.map(({ file, kind, width, height, duration_ms }) => ({
      content: file,
      file: { kind, name: file.name, media_type: file.type, size: file.size, width, height, duration_ms },
    }));
    for (const { key } of this.items) this.remove(key);
    this.dismiss();
    return taken;
  }
}

const all = new Map<string, Attaching>();

export function attachingOf(conversation: string, mode: string): Attaching {
  const key = `${conversation}.${mode}`;
  const held = all.get(key) ?? new Attaching();
  all.set(key, held);
  return held;
}

/** A picture in the clipboard; text beside it, as office programs put it there, stays text. */
export function pastedFiles({ clipboardData }: ClipboardEvent): File[] {
  return clipboardData?.types.includes('text/plain') ? [] : [...(clipboardData?.files ?? [])];
}
