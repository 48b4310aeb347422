// The small sum that a browser does for a new conversation where many come: a number is looked for, so that the SHA-256 of the challenge
// with it begins with so many zero bits. By a SHA-256 of our own (FIPS 180-4): the browser's needs a secure context, and is slower for such
// short texts, since each answer is waited for.

/** The first 32 bits of the fractional parts of the roots of the first primes. */
function roots(count: number, exponent: number): number[] {
  const found: number[] = [];
  for (let one = 2; found.length < count; one++) {
    let divisor = 2;
    while (one % divisor) divisor++;
    if (divisor === one) found.push((one ** exponent * 2 ** 32) | 0);
  }
  return found;
}

const START = roots(8, 1 / 2);
const ROUNDS = roots(64, 1 / 3);
const BLOCK = 64;
const words = new Int32Array(BLOCK);

const turned = (word: number, by: number) => (word >>> by) | (word << (32 - by));

/** The state after one more block, which begins at `from`. */
function after(state: number[], bytes: Uint8Array, from: number): number[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset + from, BLOCK);
  for (let i = 0; i < BLOCK; i++) {
    if (i < 16) words[i] = view.getInt32(i * 4);
    else {
      const [near, far] = [words[i - 2]!, words[i - 15]!];
      const sum = (turned(far, 7) ^ turned(far, 18) ^ (far >>> 3)) + words[i - 16]! + words[i - 7]!;
      words[i] = sum + (turned(near, 17) ^ turned(near, 19) ^ (near >>> 10));
    }
  }
  let [a, b, c, d, e, f, g, h] = state as [number, number, number, number, number, number, number, number];
  for (let i = 0; i < BLOCK; i++) {
    const one = h + (turned(e, 6) ^ turned(e, 11) ^ turned(e, 25)) + ((e & f) ^ (~e & g)) + ROUNDS[i]! + words[i]!;
    const two = (turned(a, 2) ^ turned(a, 13) ^ turned(a, 22)) + ((a & b) ^ (a & c) ^ (b & c));
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + one) | 0, c, b, a, (one + two) | 0];
  }
  return [a, b, c, d, e, f, g, h].map((word, at) => (word + state[at]!) | 0);
}

/** Of plain ASCII. `done`: the state after so many whole blocks of it. */
export function sha256(text: string, done = START, blocks = 0): number[] {
  const rest = text.length - blocks * BLOCK;
  const bytes = new Uint8Array(Math.ceil((rest + 9) / BLOCK) * BLOCK);
  for (let i = 0; i < rest; i++) bytes[i] = text.charCodeAt(blocks * BLOCK + i);
  bytes[rest] = 0x80;
  new DataView(bytes.buffer).setUint32(bytes.length - 4, text.length * 8);
  let state = done;
  for (let from = 0; from < bytes.length; from += BLOCK) state = after(state, bytes, from);
  return state;
}

/** How many are tried before the page gets its turn. */
const AT_ONCE = 1000;

/** The challenge with its number; some ten thousand are tried, while the page goes on. */
export async function solve(challenge: string, bits: number): Promise<string> {
  const start = challenge + ',';
  // What stands before the number is always the same.
  const blocks = Math.floor(start.length / BLOCK);
  const bytes = new TextEncoder().encode(start);
  let done = START;
  for (let block = 0; block < blocks; block++) done = after(done, bytes, block * BLOCK);
  for (let number = 0; ; number++) {
    if (number % AT_ONCE === AT_ONCE - 1) await new Promise((resolve) => setTimeout(resolve));
    const [first] = sha256(start + number, done, blocks) as [number];
    if (Math.clz32(first) >= bits) return start + number;
  }
}
