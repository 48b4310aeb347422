// Signs of life that are said again and again, and are forgotten when they fall silent: who types, who looks.
export class Expiring<Value> {
  #held = $state.raw<ReadonlyMap<string, Value>>(new Map());
  #timers = new Map<string, ReturnType<typeof setTimeout>>();
  #lasts: number;

  constructor(lasts: number) {
    this.#lasts = lasts;
  }

  get all(): ReadonlyMap<string, Value> {
    return this.#held;
  }

  put(key: string, value: Value): void {
    clearTimeout(this.#timers.get(key));
    this.#timers.set(
      key,
      setTimeout(() => this.drop(key), this.#lasts),
    );
    this.#held = new Map(this.#held).set(key, value);
  }

  drop(key: string): void {
    clearTimeout(this.#timers.get(key));
    if (!this.#timers.delete(key)) return;
    const held = new Map(this.#held);
    held.delete(key);
    this.#held = held;
  }

  clear(): void {
    for (const timer of this.#timers.values()) clearTimeout(timer);
    this.#timers.clear();
    this.#held = new Map();
  }
}
