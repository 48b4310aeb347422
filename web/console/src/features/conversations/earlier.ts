// An earlier conversation of the same contact is read in place: its id stands behind the address of the open one.
const MARK = '#earlier=';

export function earlierAddress(conversation: string, earlier: string): string {
  return `/conversations/${conversation}${MARK}${earlier}`;
}

export function earlierIn(hash: string): string | null {
  return (hash.startsWith(MARK) && hash.slice(MARK.length)) || null;
}
