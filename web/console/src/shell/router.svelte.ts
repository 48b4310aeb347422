// Where the person is: the address bar as state. Pages with unsaved changes can ask before they are left.
export interface Leaving {
  /** False while there is nothing to lose. */
  isDirty: () => boolean;
  /** Asks; true lets go. */
  ask: () => Promise<boolean>;
}

class Router {
  path = $state(location.pathname);
  hash = $state(location.hash);
  #leaving: Leaving | null = null;
  #position = 0;

  start(): void {
    history.replaceState({ position: 0 }, '');
    addEventListener('popstate', (event) => void this.#wentBack(event));
    addEventListener('beforeunload', (event) => {
      if (this.#leaving?.isDirty()) event.preventDefault();
    });
    document.addEventListener('click', (event) => this.#clicked(event));
  }

  /** Registers the page that wants to be asked; returns how to take it back. */
  guard(leaving: Leaving): () => void {
    this.#leaving = leaving;
    return () => {
      if (this.#leaving === leaving) this.#leaving = null;
    };
  }

  async go(to: string, options: { replace?: boolean } = {}): Promise<void> {
    const url = new URL(to, location.href);
    if (url.pathname === this.path && url.hash === this.hash) return;
    if (url.pathname !== this.path && !(await this.#mayLeave())) return;
    if (!options.replace) this.#position += 1;
    history[options.replace ? 'replaceState' : 'pushState']({ position: this.#position }, '', url);
    this.#arrived();
  }

  async #mayLeave(): Promise<boolean> {
    if (!this.#leaving?.isDirty()) return true;
    const may = await this.#leaving.ask();
    if (may) this.#leaving = null;
    return may;
  }

  async #wentBack(event: PopStateEvent): Promise<void> {
    const position = (event.state as { position?: number } | null)?.position ?? 0;
    const steps = position - this.#position;
    if (this.#leaving?.isDirty() && location.pathname !== this.path) {
      history.go(-steps); // The address stays until the person has answered.
      addEventListener('popstate', (again) => again.stopImmediatePropagation(), { once: true, capture: true });
      if (!(await this.#mayLeave())) return;
      history.go(steps);
      return;
    }
    this.#position = position;
    this.#arrived();
  }

  #arrived(): void {
    this.path = location.pathname;
    this.hash = location.hash;
  }

  /** Plain left clicks on our own links stay in the page. */
  #clicked(event: MouseEvent): void {
    const hasModifier = event.ctrlKey || event.metaKey || event.shiftKey || event.altKey;
    if (event.defaultPrevented || event.button !== 0 || hasModifier) return;
    const link = event.target instanceof Element ? event.target.closest('a') : null;
    if (!link?.href || link.target || link.hasAttribute('download') || link.origin !== location.origin) return;
    if (link.getAttribute('href')?.startsWith('#')) return;
    event.preventDefault();
    void this.go(link.href);
  }
}

export const router = new Router();
