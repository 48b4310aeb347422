// What the inputs share: their look and how they point at their hint or error.
export const FIELD_CLASS =
  'w-full min-w-0 rounded-sm border border-line-field bg-raised px-2.5 text-base text-text transition-colors ' +
  'hover:border-muted focus-visible:border-focus focus-visible:-outline-offset-1 ' +
  // What is wrong stays red, also with the focus, whose outline then leaves the border to be seen.
  'aria-invalid:border-danger aria-invalid:focus-visible:border-danger aria-invalid:focus-visible:outline-offset-0 ' +
  'disabled:cursor-not-allowed disabled:opacity-60';

export function describedBy(id: string, hint?: string, error?: string | null): string | undefined {
  if (error) return `${id}-error`;
  return hint ? `${id}-hint` : undefined;
}
