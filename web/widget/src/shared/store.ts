// The visitor's storage: the site's own localStorage (or sessionStorage where nothing may outlive the visit),
// and memory where the browser refuses both. Never throws.

export interface Store {
  /** `''` is the visitor's key. */
  get(k: string): string | null;
  /** Keeps a value; `null` removes it. */
  set(k: string, v: string | null): void;
  /** Everything but the key, by its short name. */
  items(): Record<string, string>;
  /** The short name of something of ours, as a storage event names it, `''` for the key; else null. */
  short(path: string | null): string | null;
}

/** The key lies at `name`, all else at `name:<k>`. */
export function createStore(name: string, session: boolean): Store {
  const prefix = name + ':';
  const memory: Record<string, string> = {};
  const path = (k: string) => (k ? prefix + k : name);

  /** Even naming the storage throws where the browser has closed it. */
  function box<T>(use: (box: Storage) => T): T | undefined {
    try {
      return use(session ? sessionStorage : localStorage);
    } catch {
      // As if there were none.
    }
  }

  const short = (path: string | null) =>
    path === name ? '' : path?.startsWith(prefix) ? path.slice(prefix.length) : null;

  return {
    short,
    get: (k) => memory[path(k)] ?? box((box) => box.getItem(path(k))) ?? null,
    set(k, v) {
      const at = path(k);
      delete memory[at];
      if (v === null) box((box) => box.removeItem(at));
      else if (!box((box) => (box.setItem(at, v), true))) memory[at] = v;
    },
    items() {
      const found: Record<string, string> = {};
      for (const [at, v] of Object.entries({ ...box((box) => ({ ...box })), ...memory })) {
        const k = short(at);
        if (k) found[k] = v as string;
      }
      return found;
    },
  };
}
