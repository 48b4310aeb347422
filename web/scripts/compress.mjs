// Writes a .br and a .gz next to every text file of web/dist, so that the server never compresses while it answers.
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { brotliCompress, constants, gzip } from 'node:zlib';

const TEXT = new Set(['.js', '.css', '.html', '.json', '.svg', '.txt', '.webmanifest', '.map', '.xml']);
const SMALLEST = 500;
const dist = fileURLToPath(new URL('../dist', import.meta.url));

async function* filesIn(folder) {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* filesIn(path);
    else yield path;
  }
}

/** Keeps a packed copy only where it is smaller; an old one must not outlive its source. */
async function keepIfSmaller(path, packed, original) {
  if (packed.length < original.length) await writeFile(path, packed);
  else await rm(path, { force: true });
}

async function compress(path) {
  const original = await readFile(path);
  if (original.length < SMALLEST) return 0;
  const params = { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: original.length };
  await keepIfSmaller(`${path}.br`, await promisify(brotliCompress)(original, { params }), original);
  await keepIfSmaller(`${path}.gz`, await promisify(gzip)(original, { level: 9 }), original);
  return 1;
}

let count = 0;
for await (const path of filesIn(dist)) {
  if (TEXT.has(extname(path))) count += await compress(path);
}
console.log(`compressed ${count} files in web/dist`);
