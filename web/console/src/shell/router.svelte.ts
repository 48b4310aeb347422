// Where the person is: the address bar as state. Pages and dialogs with something unsaved can ask before they are left.
import type { Leaving } from '@balcao/ui';

class Router {
  path = $state(location.pathname);
  hash = $state(location.hash);
  /** The last one lies on top. */
  #leaving: Leaving[] = [];
  #position = 0;

  start(): void {
    history.replaceState({ position: 0 }, '');
    addEventListener('popstate', (event) => void this.#wentBack(event));
    addEventListener('beforeunload', (event) => {
      if (this.#isDirty()) event.preventDefault();
    });
    document.addEventListener('click', (event) => this.#clicked(event));
  }

  /** Registers what wants to be asked; returns how to take it back. */
  guard = (leaving: Leaving): (() => void) => {
    this.#leaving.push(leaving);
    return () => {
      this.#leaving = this.#leaving.filter((one) => one !== leaving);
    };
  };

  async go(to: string, options: { replace?: boolean } = {}): Promise<void> {
    const url = new URL(to, location.href);
    if (url.pathname === this.path && url.hash === this.hash) return;
    if (url.pathname !== this.path && !(await this.#mayLeave())) return;
    if (!options.replace) this.#position += 1;
    history[options.replace ? 'replaceState' : 'pushState']({ position: this.#position }, '', url);
    this.#arrived();
  }

  async #mayLeave(): Promise<boolean> {
    for (const leaving of this.#leaving.toReversed()) {
      if (!leaving.isDirty()) continue;
      if (!(await leaving.ask())) return false;
      this.#leaving = this.#leaving.filter((one) => one !== leaving);
    }
    return true;
  }

  #isDirty(): boolean {
    return this.#leaving.some((one) => one.isDirty());
  }

  async #wentBack(event: PopStateEvent): Promise<void> {
    const position = (event.state as { position?: number } | null)?.position ?? 0;
    const steps = position - this.#position;
    if (this.#isDirty() && location.pathname !== this.path) {
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
