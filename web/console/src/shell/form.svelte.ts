// A form's state: what is stored, what the person made of it, what the server says about it.
import { isApiError } from '@balcao/api';
import { tellFailure } from './toasts';

/** Why a field is refused: a check of ours, or the server's word on one value. */
type Check = () => string | null;
type Complaint = { check: Check } | { message: string; value: string };

/** Work whose result goes into a form's draft, such as sending a file; what it brings is let go where `isCurrent` says no. */
export type Hold = (work: (isCurrent: () => boolean) => Promise<boolean>) => void;

export class Form<Value extends object> {
  #base = $state.raw() as Value;
  draft = $state() as Value;
  #complaints = $state.raw<Record<string, Complaint>>({});
  /** What is wrong with what stands there now: a complaint goes as soon as its field is right or, refused by the server, edited. */
  errors = $derived.by(() => this.#errors());
  isSaving = $state(false);
  #pending = $state.raw<readonly Promise<boolean>[]>([]);
  #resets = 0;
  changed = $derived(this.#changedKeys());
  isDirty = $derived(this.changed.length > 0 || this.#pending.length > 0);

  constructor(base: Value) {
    this.reset(base);
  }

  reset(base: Value = this.#base): void {
    this.#resets += 1;
    this.#pending = [];
    this.#base = base;
    this.draft = structuredClone(base);
    this.#complaints = {};
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

  /** A save waits for this work, and is not made where it fails: its field says why. */
  hold: Hold = (work) => {
    const resets = this.#resets;
    const done = work(() => this.#resets === resets).finally(() => {
      this.#pending = this.#pending.filter((one) => one !== done);
    });
    this.#pending = [...this.#pending, done];
  };

  /** Runs a save. Refused fields are shown where they are, with what `checks` of ours say of theirs; anything else is told. */
  async save(run: () => Promise<void>, checks: Record<string, Check> = {}): Promise<boolean> {
    this.isSaving = true;
    this.#complaints = {};
    try {
      const arrived = await Promise.all(this.#pending);
      if (arrived.includes(false)) return false;
      await run();
      return true;
    } catch (error) {
      this.fail(error);
      for (const [key, check] of Object.entries(checks)) this.check(key, check);
      return false;
    } finally {
      this.isSaving = false;
    }
  }

  fail(error: unknown): void {
    if (!isApiError(error) || error.fields.length === 0) return tellFailure(error);
    // `settings.colour` belongs to the field called colour.
    this.#complaints = Object.fromEntries(
      error.fields.map(({ field, message }) => {
        // A fault of one of many (`settings.allowed_domains.1`) is told at the field that holds them.
        const parts = field.split('.');
        const key = parts.find((part) => part in this.draft) ?? parts.findLast((part) => !/^\d+$/.test(part)) ?? field;
        return [key, { message, value: this.#written(key) }];
      }),
    );
    queueMicrotask(() => document.querySelector<HTMLElement>('[aria-invalid=true]')?.focus());
  }

  /** Looks at a field of our own accord; once it was wrong, it is looked at with every change. */
  check(key: string, check: Check): void {
    if (check()) this.#complaints = { ...this.#complaints, [key]: { check } };
  }

  #errors(): Record<string, string> {
    const errors: Record<string, string> = {};
    for (const [key, complaint] of Object.entries(this.#complaints)) {
      const message = 'check' in complaint ? complaint.check() : this.#messageOf(key, complaint);
      if (message) errors[key] = message;
    }
    return errors;
  }

  #messageOf(key: string, { message, value }: { message: string; value: string }): string | null {
    return value === this.#written(key) ? message : null;
  }

  #written(key: string): string {
    return JSON.stringify(this.draft[key as keyof Value]) ?? '';
  }
}
