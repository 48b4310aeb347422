// A form's state: what is stored, what the person made of it, what the server says about it.
import { isApiError } from '@balcao/api';
import { tellFailure } from './toasts';

export class Form<Value extends object> {
  #base = $state.raw() as Value;
  draft = $state() as Value;
  errors = $state<Record<string, string>>({});
  isSaving = $state(false);
  changed = $derived(this.#changedKeys());
  isDirty = $derived(this.changed.length > 0);

  constructor(base: Value) {
    this.reset(base);
  }

  reset(base: Value = this.#base): void {
    this.#base = base;
    this.draft = structuredClone(base);
    this.errors = {};
  }

  /** Somebody else's values become the base; what was changed here stays changed. */
  rebase(base: Value): void {
    const own = this.changes();
    this.#base = base;
    this.draft = { ...structuredClone(base), ...own };
  }

  changes(): Partial<Value> {
    const draft = $state.snapshot(this.draft) as Value;
    return Object.fromEntries(this.changed.map((key) => [key, draft[key]])) as Partial<Value>;
  }

  #changedKeys(): (keyof Value)[] {
    const keys = Object.keys(this.draft) as (keyof Value)[];
    return keys.filter((key) => JSON.stringify(this.draft[key]) !== JSON.stringify(this.#base[key]));
  }

  /** Runs a save. Refused fields are shown where they are; anything else is told. */
  async save(run: () => Promise<void>): Promise<boolean> {
    this.isSaving = true;
    this.errors = {};
    try {
      await run();
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  fail(error: unknown): void {
    if (!isApiError(error) || error.fields.length === 0) return tellFailure(error);
    // `settings.colour` belongs to the field called colour.
    this.errors = Object.fromEntries(
      error.fields.map(({ field, message }) => [field.split('.').at(-1) ?? field, message]),
    );
    queueMicrotask(() => document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  check(key: string, message: string | null): void {
    const errors = { ...this.errors };
    if (message) errors[key] = message;
    else delete errors[key];
    this.errors = errors;
  }
}
