// Unsent messages. Each lies in the site's storage under its own name (`m:<id>`) before its first attempt, so that a
// crash loses nothing and tabs that write at once cannot overwrite each other. One is under way at a time: order holds.
import type { FileShown } from '@balcao/files';
import type { Page } from '../shared/config';
import type { Form, Refusal, Send, Upload } from './protocol';
import type { Row } from './state';

export interface Item extends Send {
  at: string;
  /** Its file has to be brought to the server first. */
  upload?: Upload;
  refused?: Refusal;
  /** A tab that does not have the file asks the others for it, at this time. */
  asked?: number;
}

export interface Pending extends Item {
  /** The host page has confirmed that it is stored. */
  isKept: boolean;
  /** When it was last sent on this socket, or heard of from another tab; 0: not yet. */
  tried: number;
  /** Acknowledged, but entries before it are missing: it leaves when they have been fetched. */
  isStored?: boolean;
  /** Its file is under way. */
  isBringing?: boolean;
  /** How long it rests after an attempt; longer each time in which nothing of its file gets through. */
  pause?: number;
  /** Its file as the server shows it. */
  shown?: FileShown;
}

interface Keeper {
  put(k: string, v: string | null): Promise<void>;
}

/** An attempt without an answer is repeated after this. */
export const PATIENCE = 15_000;
/** A tab that has a file says so within this. */
export const ANSWERS_WITHIN = 2_000;
const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 60_000;
const NAME = /^m:([\da-f-]{36})$/;

export class Outbox {
  items: Pending[] = [];
  /** The server has taken a message, with what its form said. */
  onStored: (form: Form) => void = () => {};
  /** Whether a message's file lies in this tab. */
  isHere: (upload: Upload) => Promise<boolean> = () => Promise.resolve(false);
  /** A message's file is not needed here any more. */
  onDone: (upload: Upload) => void = () => {};
  /** Nothing is sent before this time: the server asked for a pause. */
  private pausedUntil = 0;

  constructor(
    private readonly keeper: Keeper,
    private readonly changed: () => void,
    private readonly now: () => number = Date.now,
  ) {}

  /** What earlier pages and crashed tabs left behind. */
  load(stored: Record<string, string>): void {
    for (const [k, v] of Object.entries(stored)) this.adopt(k, v, 0);
  }

  /** Another tab has put, changed or removed one. */
  heard(k: string, v: string | null): void {
    const id = NAME.exec(k)?.[1];
    if (!id) return;
    if (v === null) this.drop((item) => item.id === id);
    else this.adopt(k, v, this.now());
    this.changed();
  }

  /** `isThere`: waits until the file's content is kept, where that is possible. */
  async add(
    item: { id: string; text: string; form?: Form; upload?: Upload; file?: string },
    page: () => Page | undefined,
    isThere?: Promise<unknown>,
  ): Promise<void> {
    const made: Pending = { ...item, at: new Date(this.now()).toISOString(), isKept: false, tried: 0 };
    this.items.push(made);
    this.changed();
    await isThere;
    await this.keep(made);
    // Storing told us where the visitor is now; the same id must always say the same, so it is settled here.
    made.page = page();
    made.isKept = true;
    this.changed();
  }

  /** The next one to send, if it is time. */
  next(): Pending | undefined {
    if (this.now() < this.pausedUntil) return undefined;
    const first = this.items.find((item) => !item.refused && !item.isStored);
    const isDue = first?.isKept && (!first.tried || this.now() - first.tried >= (first.pause || PATIENCE));
    return isDue ? first : undefined;
  }

  /** Its file could not be brought this time. */
  rest(item: Pending): void {
    item.pause = item.pause ? Math.min(LONGEST_PAUSE, item.pause * 2) : FIRST_PAUSE;
    item.tried = this.now();
  }

  /** Its file is not in this tab: another may be sending it. They are asked, and only their silence means that it is lost. */
  async missing(item: Pending, refusal: Refusal): Promise<void> {
    if (!this.find(item.id)) return;
    if (item.asked && this.now() - item.asked >= ANSWERS_WITHIN) return this.refused(item.id, refusal);
    item.asked ??= this.now();
    item.tried = item.asked;
    item.pause = ANSWERS_WITHIN;
    await this.keep(item);
  }

  /** The socket is gone, or there again: everything must be tried again. */
  retryAll(): void {
    for (const item of this.items) item.tried = item.pause = 0;
  }

  find(id: string): Pending | undefined {
    return this.items.find((item) => item.id === id);
  }

  /** Entries have arrived, through whichever tab they were sent. */
  arrived(rows: Row[]): void {
    for (const { id } of rows) if (id && this.find(id)) this.settle(id);
  }

  /** The message is the server's now; with `isWaiting` it is shown until `caughtUp`. */
  settle(id: string, isWaiting = false): void {
    const item = this.find(id);
    if (item) item.isStored = true;
    if (item?.form) this.onStored(item.form);
    if (item?.upload) this.onDone(item.upload);
    this.remove(id, isWaiting);
  }

  caughtUp(): void {
    this.drop((item) => !!item.isStored);
  }

  refused(id: string, refusal: Refusal): void {
    const item = this.find(id);
    if (!item) return;
    if (refusal.retry_after) {
      this.pausedUntil = this.now() + refusal.retry_after * 1000;
      item.tried = 0;
    } else {
      item.refused = refusal;
      void this.keep(item);
    }
    this.changed();
  }

  discard(id: string): Pending | undefined {
    const item = this.find(id);
    this.remove(id);
    this.changed();
    return item;
  }

  /** Takes back all that the server does not have, as when it wants to know more before it opens a conversation. */
  recall(): Pending[] {
    const back = this.items.filter((item) => !item.isStored);
    for (const { id } of back) this.remove(id);
    return back;
  }

  /** Who wrote them is somebody else now: what is not sent yet says `form` of them. */
  disown(form: Form): void {
    for (const item of this.items) {
      item.form = form;
      if (!item.isStored) void this.keep(item);
    }
  }

  private remove(id: string, isShown = false): void {
    void this.keeper.put('m:' + id, null);
    if (!isShown) this.drop((item) => item.id === id);
  }

  private adopt(k: string, v: string, tried: number): void {
    if (!NAME.test(k)) return;
    try {
      const item = JSON.parse(v) as Item;
      if (k !== 'm:' + item.id || typeof item.text !== 'string') return;
      const held = this.find(item.id);
      if (held) void this.told(held, item, tried);
      else this.items.push({ ...item, asked: undefined, isKept: true, tried });
      this.items.sort((a, b) => (a.id < b.id ? -1 : 1));
    } catch {
      // Not ours, or cut off: leave it alone.
    }
  }

  /** What another tab says of a message. Whoever has its file takes no other's word that it is lost, and says so. */
  private async told(held: Pending, { upload, refused, asked }: Item, tried: number): Promise<void> {
    const isDoubted = asked || refused?.code === 'file_lost';
    if (upload && isDoubted && (await this.isHere(upload))) return this.keep(held);
    held.refused = refused;
    held.asked = asked;
    held.tried = tried;
    held.pause = 0;
    this.changed();
  }

  private keep({ id, text, form, page, file, at, upload, refused, asked }: Pending): Promise<void> {
    const item: Item = { id, text, form, page, file, at, upload, refused, asked };
    return this.keeper.put('m:' + id, JSON.stringify(item));
  }

  private drop(which: (item: Pending) => boolean): void {
    this.items = this.items.filter((item) => !which(item));
  }
}
