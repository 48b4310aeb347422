// How the list's filters look: quiet until they filter.

export function chipClass(isSet: boolean): string {
  const tone = isSet ? 'border-accent-line bg-accent-soft text-text' : 'border-line-strong text-muted';
  return `inline-flex h-6 max-w-full min-w-0 items-center gap-0.5 rounded-full border px-2 text-sm font-medium hover:bg-hover ${tone}`;
}
