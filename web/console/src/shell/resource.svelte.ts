// Something fetched for a page: loading, there, or failed with a way to try again.
export class Resource<Value> {
  value = $state.raw<Value | null>(null);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<unknown>(null);
  #fetch: () => Promise<Value>;

  constructor(fetch: () => Promise<Value>) {
    this.#fetch = fetch;
    void this.load();
  }

  /** What is shown stays while it is fetched again. */
  async load(): Promise<void> {
    if (!this.value) this.state = 'loading';
    try {
      this.value = await this.#fetch();
      this.state = 'ready';
    } catch (error) {
      this.error = error;
      this.state = this.value ? 'ready' : 'failed';
    }
  }

  put(value: Value): void {
    this.value = value;
  }
}
