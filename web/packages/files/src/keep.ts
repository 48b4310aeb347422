// Files that wait to be sent, in this browser's IndexedDB, so that a reload does not lose them. Where the browser has closed
// it (private windows, frames of other sites) they are held in memory and end with the page.

const STORE = 'files';

export class Keep {
  #name: string | null;
  #memory = new Map<string, Blob>();
  #opened: Promise<IDBDatabase | null> | null = null;

  /** Without a name nothing outlives the page. */
  constructor(name: string | null) {
    this.#name = name;
  }

  /** Answers whether it outlives a reload. */
  async put(key: string, content: Blob): Promise<boolean> {
    this.#memory.set(key, content);
    return (await this.#run('readwrite', (files) => files.put(content, key))) !== undefined;
  }

  /** Null: it is not here any more. */
  async get(key: string): Promise<Blob | null> {
    const held = this.#memory.get(key);
    if (held) return held;
    const found = await this.#run('readonly', (files) => files.get(key) as IDBRequest<unknown>);
    return found instanceof Blob ? found : null;
  }

  async remove(key: string): Promise<void> {
    this.#memory.delete(key);
    await this.#run('readwrite', (files) => files.delete(key));
  }

  async keys(): Promise<string[]> {
    const all = (await this.#run('readonly', (files) => files.getAllKeys())) ?? [];
    return all.filter((key) => typeof key === 'string');
  }

  /** Undefined where the browser refuses; an answer that is empty is null or undefined of its own. */
  async #run<Value>(
    mode: IDBTransactionMode,
    use: (files: IDBObjectStore) => IDBRequest<Value>,
  ): Promise<Value | undefined> {
    if (!this.#name) return undefined;
    const database = await (this.#opened ??= open(this.#name));
    if (!database) return undefined;
    try {
      const transaction = database.transaction(STORE, mode);
      const request = use(transaction.objectStore(STORE));
      await new Promise<void>((done, fail) => {
        transaction.oncomplete = () => done();
        transaction.onabort = transaction.onerror = () => fail(transaction.error);
      });
      return request.result;
    } catch {
      return undefined; // Full, or closed meanwhile: the memory has it.
    }
  }
}

function open(name: string): Promise<IDBDatabase | null> {
  return new Promise((done) => {
    try {
      const request = indexedDB.open(name, 1);
      request.onupgradeneeded = () => request.result.createObjectStore(STORE);
      request.onsuccess = () => done(request.result);
      request.onerror = request.onblocked = () => done(null);
    } catch {
      done(null); // Even naming it throws where storage is blocked.
    }
  });
}
