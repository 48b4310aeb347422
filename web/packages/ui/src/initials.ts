// The letters that stand for a name. Plain TypeScript, on its own: the widget takes it without the components.

/** "Marina Ribeiro" → "MR"; one word gives its first letter; a digit counts as a letter ("Visitante 3071" → "V3"). Of an address, what is before its @. */
export function initialsOf(name: string): string {
  const [first = '?', ...others] = name.replace(/^(\S+)@\S*$/, '$1').match(/(^|[\s.@_-])[\p{L}\p{N}]/gu) ?? [];
  return (first + (others.at(-1) ?? '')).replace(/[\s.@_-]/g, '').toLocaleUpperCase();
}
