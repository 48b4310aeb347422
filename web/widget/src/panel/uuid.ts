// Time-ordered client ids (UUIDv7), in order even within one millisecond. Works without a secure context.

let last = 0;

export function uuid(now = Date.now()): string {
  // Ids that are made faster than time goes run ahead of it a little.
  last = Math.max(now, last + 1);
  const hex = (value: number, digits: number) => value.toString(16).padStart(digits, '0');
  const time = hex(last, 12);
  const random = [...crypto.getRandomValues(new Uint8Array(9))].map((byte) => hex(byte, 2)).join('');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${random.slice(0, 3)}-a${random.slice(3, 6)}-${random.slice(6)}`;
}
