// Puts what sites install into web/dist, so that a company's own server gives it: the WordPress plugin as a ZIP file, the
// package for npm as a tarball.
import { execFileSync } from 'node:child_process';
import { mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { crc32, deflateRawSync } from 'node:zlib';

const integrations = fileURLToPath(new URL('../../integrations', import.meta.url));
const into = fileURLToPath(new URL('../dist/console/packages', import.meta.url));

/** The first day a ZIP file can name (1 January 1980), so that the same files make the same archive. */
const DAY = 0x21;
const UTF8 = 0x0800;
const DEFLATED = 8;

async function filesIn(folder) {
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .sort();
}

/** What stands alike before a file's content and in the list at the end: APPNOTE.TXT 4.3.7 and 4.3.12. */
function header(content, packed, name) {
  const head = Buffer.alloc(26);
  [20, UTF8, DEFLATED, 0, DAY].forEach((value, index) => head.writeUInt16LE(value, index * 2));
  [crc32(content), packed.length, content.length].forEach((value, index) => head.writeUInt32LE(value, 10 + index * 4));
  head.writeUInt16LE(name.length, 22);
  return head;
}

function zip(files) {
  const parts = [];
  const list = [];
  let offset = 0;
  for (const { path, content } of files) {
    const name = Buffer.from(path);
    const packed = deflateRawSync(content, { level: 9 });
    const head = header(content, packed, name);
    const place = Buffer.alloc(14);
    place.writeUInt32LE(offset, 10);
    parts.push(Buffer.from('PK\x03\x04'), head, name, packed);
    list.push(Buffer.from('PK\x01\x02\x14\x00'), head, place, name);
    offset += 4 + head.length + name.length + packed.length;
  }
  const listed = Buffer.concat(list);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.length, 4);
  end.writeUInt16LE(files.length, 6);
  end.writeUInt32LE(listed.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...parts, listed, Buffer.from('PK\x05\x06'), end]);
}

await rm(into, { recursive: true, force: true });
await mkdir(into, { recursive: true });

const plugin = join(integrations, 'wordpress');
const paths = await filesIn(join(plugin, 'balcao'));
const files = await Promise.all(
  paths.map(async (path) => ({ path: relative(plugin, path), content: await readFile(path) })),
);
await writeFile(join(into, 'balcao-wordpress.zip'), zip(files));

const arguments_ = ['pack', join(integrations, 'npm'), '--pack-destination', into, '--silent'];
const packed = execFileSync('npm', arguments_, { encoding: 'utf8' }).trim();
await rename(join(into, packed), join(into, 'balcao-webchat.tgz'));
console.log(`packed ${files.length} files of the WordPress plugin, and the package for npm`);
