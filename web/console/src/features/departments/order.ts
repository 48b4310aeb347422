// The order in which a department's people are given conversations (Z-120).

/** People as the server takes them: those who are named, in their order, then the others as they came to the company. Ids grow with time. */
export function inOrder<Person extends { id: string }>(people: readonly Person[], order: readonly string[]): Person[] {
  const place = new Map(order.map((id, index) => [id, index]));
  const placeOf = ({ id }: Person) => place.get(id) ?? order.length;
  return [...people].sort(
    (one, other) => placeOf(one) - placeOf(other) || (one.id < other.id ? -1 : one.id > other.id ? 1 : 0),
  );
}

/** The same ids with one of them a place further up or down; at the end it stays. */
export function moved(ids: readonly string[], id: string, by: -1 | 1): string[] {
  const from = ids.indexOf(id);
  const to = from + by;
  if (from < 0 || to < 0 || to >= ids.length) return [...ids];
  const rest = ids.filter((one) => one !== id);
  return [...rest.slice(0, to), id, ...rest.slice(to)];
}
