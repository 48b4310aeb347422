// Time-ordered ids (UUID version 7) for what this browser sends: they sort in the order they were made.
let lastMillis = 0;
let counter = 0;

export function newId(now: number = Date.now()): string {
  // Within one millisecond a counter keeps the order; the clock may also step back.
  if (now > lastMillis) {
    lastMillis = now;
    counter = 0;
  } else if (++counter > 0xfff) {
    lastMillis += 1;
    counter = 0;
  }
  const random = crypto.getRandomValues(new Uint8Array(8));
  const time = lastMillis.toString(16).padStart(12, '0');
  const tail = [...random].map((byte, index) => (index === 0 ? (byte & 0x3f) | 0x80 : byte));
  const hex = tail.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const order = counter.toString(16).padStart(3, '0');
  return `${time.slice(0, 8)}-${time.slice(8)}-7${order}-${hex.slice(0, 4)}-${hex.slice(4)}`;
}
