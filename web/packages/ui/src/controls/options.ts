// What can be chosen in a Select, a Combobox or a MultiChoice.
export interface Option<Value extends string = string> {
  value: Value;
  label: string;
  /** A second, quieter line or word. */
  detail?: string;
  disabled?: boolean;
}

/** Search that forgives case and accents. */
export function matches(text: string, search: string): boolean {
  return plain(text).includes(plain(search));
}

export function plain(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLocaleLowerCase();
}

export const LIST_CLASS =
  'z-50 max-h-[min(18rem,var(--bits-floating-available-height))] min-w-(--bits-floating-anchor-width) overflow-y-auto rounded-md border border-line-strong bg-raised p-1 text-base ' +
  'shadow-float outline-none';
export const ITEM_CLASS =
  'flex min-h-8 shrink-0 cursor-default items-center gap-2 rounded-sm px-2 py-1 text-text outline-none select-none ' +
  'data-highlighted:bg-hover data-disabled:opacity-50';
