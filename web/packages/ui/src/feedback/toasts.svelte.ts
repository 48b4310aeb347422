// The toasts on screen. One that offers a way back stays longer.
export interface Toast {
  id: number;
  text: string;
  tone: 'neutral' | 'danger';
  action: { label: string; run: () => void } | null;
  /** The id of what it tells of: the next one about it takes its place. */
  about: string | null;
}

const SHORT = 4_000;
const LONG = 8_000;

export class Toasts {
  items = $state<Toast[]>([]);
  #next = 1;
  #timers = new Map<number, ReturnType<typeof setTimeout>>();

  say(text: string, action: Toast['action'] = null, about: Toast['about'] = null): void {
    this.#add({ text, tone: 'neutral', action, about }, action ? LONG : SHORT);
  }

  fail(text: string, action: Toast['action'] = null): void {
    this.#add({ text, tone: 'danger', action, about: null }, LONG);
  }

  /** What was said of something holds no longer. */
  forget(about: string): void {
    for (const { id } of this.items.filter((one) => one.about === about)) this.dismiss(id);
  }

  dismiss(id: number): void {
    this.hold(id);
    this.items = this.items.filter((toast) => toast.id !== id);
  }

  /** While somebody points at it, it stays. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  release(id: number): void {
    this.#dismissLater(id, SHORT);
  }

  #add(toast: Omit<Toast, 'id'>, after: number): void {
    const id = this.#next++;
    if (toast.about) this.forget(toast.about);
    // Said again, it is said once; what can be taken back is each its own.
    const others = this.items.filter((one) => one.action || one.text !== toast.text);
    this.items = [...others.slice(-2), { ...toast, id }];
    this.#dismissLater(id, after);
  }

  #dismissLater(id: number, after: number): void {
    this.hold(id);
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), after),
    );
  }
}
