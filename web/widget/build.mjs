// Builds the visitor's side: loader.js (one ASCII script with a placeholder for the server) and the panel page with its
// hashed script, style sheet and lazy emoji chunk. `node build.mjs [folder]`, by default web/dist/widget.
import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'vite';
import { texts } from './texts.mjs';

const here = dirname(fileURLToPath(import.meta.url));
const common = { configFile: false, root: here, logLevel: 'warn', publicDir: false, plugins: [texts()] };
const options = { write: false, minify: 'oxc', target: 'es2022', modulePreload: false, reportCompressedSize: false };

/** Escapes everything beyond ASCII, so that a host page without a charset cannot garble it. */
const ascii = (text) => text.replace(/[^\0-\x7f]/g, (char) => '\\u' + char.charCodeAt(0).toString(16).padStart(4, '0'));

async function bundle(input, format, output, external = []) {
  const built = await build({
    ...common,
    build: {
      ...options,
      cssMinify: 'lightningcss',
      // As a library: without Vite's helper that preloads chunks.
      lib: { entry: join(here, input), formats: [format], name: 'balcaoLoader' },
      rollupOptions: { preserveEntrySignatures: 'allow-extension', external, output },
    },
  });
  return (Array.isArray(built) ? built[0] : built).output;
}

/**
 * Properties of the panel's own objects, which no one else reads by name: not the server, the loader, the storage or the
 * browser (a test compares). They are shortened.
 */
export const OWN_NAMES = (
  'abandon adopt again answered arrived askAgain attempt author bubble catchUp caughtUp changed check checkLength choices client ' +
  'clock config connect dayOf discard draft drop exact failures fetchNews flush forgetTyping gap ' +
  'hear heard held hello hint isAway isCatchingUp isBringing isFetching isGone isHere isKept isLookedAt isMuted isOnline isPending isReachable ' +
  'isRunning isSettled isStored keep keepConversation keepDraft keeper kept last line loadEarlier mark missing ' +
  'moved mute next node note onArrival onChange onDone onFrame onStored outbox past pausedUntil person poll polling ' +
  'prefs readUpTo recall receive redraw refill refusal refuse remember rest retry retryAll reveal said seen sendAgain ' +
  'sendSlowly settle socket spoil started take tell tickets time toEnd tried typedAt turn typing typingEnds until ' +
  'update waiting wake watch wiring words works'
).split(' ');

/**
 * Parts of the panel that most visitors never need; one may load those before it. Builds of their own: properties can be
 * shortened in one at a time.
 */
const RARE = {
  mp3: '../packages/files/src/mp3.ts',
  voice: 'src/panel/ui/voice.ts',
  lightbox: 'src/panel/ui/lightbox.ts',
  acts: 'src/panel/ui/acts.ts',
  attach: 'src/panel/ui/attach.ts',
  copy: 'src/panel/ui/copy.ts',
  direct: 'src/panel/direct.ts',
  dress: 'src/panel/ui/dress.ts',
  emoji: 'src/panel/ui/emoji.ts',
  fresh: 'src/panel/ui/fresh.ts',
  privacy: 'src/panel/ui/privacy.ts',
  guard: 'src/panel/ui/guard.ts',
  links: 'src/panel/ui/links.ts',
  more: 'src/panel/ui/more.ts',
  form: 'src/panel/ui/form.ts',
  offline: 'src/panel/ui/offline.ts',
  preview: 'src/panel/ui/preview.ts',
  survey: 'src/panel/ui/survey.ts',
  sound: 'src/panel/ui/sound.ts',
};

const shortened = (names) => ({
  compress: true,
  mangle: true,
  codegen: { removeWhitespace: true },
  mangleProps: { include: new RegExp(`^(${names.join('|')})$`) },
});

async function loader() {
  const [frame] = await bundle('src/loader/frame.ts', 'es', { entryFileNames: 'frame-[hash].js', minify: true });
  const [here] = await bundle('src/loader/here.ts', 'es', { entryFileNames: 'here-[hash].js', minify: true });
  const part = (id) => (id.endsWith('/here') ? here : frame).fileName;
  const [chunk] = await bundle(
    'src/loader/main.ts',
    'iife',
    // The server replaces this name by its address.
    { entryFileNames: 'loader.js', minify: true, paths: (id) => '__BALCAO_BASE__/widget-assets/' + part(id) },
    (id) => /\/(frame|here)$/.test(id),
  );
  const code = ascii(chunk.code.replaceAll('./__BALCAO_BASE__', '__BALCAO_BASE__')).replace(
    /[`']__BALCAO_CONFIG__[`']/,
    '"__BALCAO_CONFIG__"',
  );
  if (code.split('"__BALCAO_CONFIG__"').length !== 2) throw new Error('the loader must hold its placeholder once');
  const [told] = await bundle('src/loader/tag.ts', 'iife', { entryFileNames: 'tag.js', minify: true });
  const tag = ascii(told.code).replace(/[`']__BALCAO_TAG__[`']/, '"__BALCAO_TAG__"');
  if (tag.split('"__BALCAO_TAG__"').length !== 2) throw new Error('the tag script must hold its placeholder once');
  return { 'loader.js': code, 'tag.js': tag, [frame.fileName]: ascii(frame.code), [here.fileName]: ascii(here.code) };
}

async function panel() {
  const rare = {};
  const rareOf = (id) => rare[id.split('/').pop()];
  const paths = (id) => './' + rareOf(id).fileName;
  for (const [name, input] of Object.entries(RARE)) {
    const output = { entryFileNames: `${name}-[hash].js`, minify: true, paths };
    [rare[name]] = await bundle(input, 'es', output, (id) => !!rareOf(id));
  }
  const output = {
    entryFileNames: 'panel-[hash].js',
    assetFileNames: 'panel-[hash][extname]',
    minify: shortened(OWN_NAMES),
    paths,
  };
  const main = await bundle('src/panel/main.ts', 'es', output, (id) => !!rareOf(id));
  const files = [...Object.values(rare), ...main];
  const built = Object.fromEntries(
    files.map((file) => [
      file.fileName,
      (file.code ?? `${file.source}`).replaceAll(/\/\* @__PURE__ \*\/ |\/\*\$vite\$:1\*\//g, ''),
    ]),
  );
  const find = (pattern) => Object.keys(built).find((name) => pattern.test(name));
  const template = await readFile(join(here, 'panel.html'), 'utf8');
  built['panel.html'] = template
    .replace(/\n\s*/g, ' ')
    .replace('{{style}}', '/widget-assets/' + find(/^panel-.*\.css$/))
    .replace('{{script}}', '/widget-assets/' + find(/^panel-.*\.js$/));
  return built;
}

/** Writes all files into `folder` and answers their names. */
export async function buildWidget(folder) {
  const files = { ...(await loader()), ...(await panel()) };
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return Object.keys(files);
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const names = await buildWidget(resolve(process.argv[2] ?? join(here, '../dist/widget')));
  console.log(names.join('\n'));
}
