// What is delivered: within its byte budget as served, ASCII where it runs on other people's pages, and working as built.
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { buildWidget, OWN_NAMES } from '../build.mjs';
import icons from '../src/shared/icons.json';
import type { LoaderConfig } from '../src/shared/config';

let folder: string;
let names: string[];
const read = (name: string) => readFile(join(folder, name), 'utf8');
const find = (pattern: RegExp) => names.find((name) => pattern.test(name)) ?? '';
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'balcao-widget-'));
  await buildWidget(folder);
  names = await readdir(folder);
}, 60_000);

afterAll(() => rm(folder, { recursive: true }));

/** As the server packs what it fills in; files lie packed at the highest level. */
const zipped = (text: string, level = 6) => gzipSync(text, { level }).length;

/** What an administrator may well write, at its longest. */
const settings = {
  plugin_name: 'Atendimento Vila Clara',
  logo: '3f0a4f0e-8f3c-4f0b-9f57-0d6a3e2b7c11',
  agent_picture: 'c27a1e52-4b7d-4c39-8d0a-6e51f0b9a8d4',
  greeting: 'Oi, tudo bem? Somos a Padaria Vila Clara. Conte o que você precisa e respondemos em poucos minutos.',
  offline_text: 'Atendemos de segunda a sábado, das 8h às 18h. Deixe sua mensagem e respondemos assim que abrirmos.',
  ask_name: true,
  ask_email: true,
  visitor_may_close: true,
  capture_visitor_data: true,
  show_branding: true,
};
const channels = { WhatsApp: 'https://wa.me/5511988887777', Telegram: 'https://t.me/vilaclara' };
const tint = '--brand:#c2410c;--on-brand:#ffffff;--pending:#a7380a;--ink-light:#c2410c;--ink-dark:#dd8f6e';
/** What the loader alone is told. */
const launcher = {
  position: 'right' as const,
  call_to_action:
    'Precisa de ajuda para escolher o pão da semana, acompanhar sua entrega ou pedir a segunda via do boleto? Fale com a gente agora, sem espera.',
  /** Of `vilaclara.com.br`, `*.vilaclara.com.br`, `padariavilaclara.com`, `loja.vilaclara.net`, `paodecasa.com.br`, as `page_pattern` writes it. */
  pages: String.raw`^https?://((www\.)?vilaclara\.com\.br|(.+\.)?vilaclara\.com\.br|(www\.)?padariavilaclara\.com|(www\.)?loja\.vilaclara\.net|(www\.)?paodecasa\.com\.br)(:|$)|^https://atendimento\.vilaclara\.com\.br$`,
};
const code = '8401be95-5a7c-43e6-8e56-520c334d3314';
const base = 'https://atendimento.vilaclara.com.br';

async function textsOf(language: string): Promise<Record<string, string>> {
  const file = join(import.meta.dirname, `../../../locales/${language}/widget.json`);
  const texts: Record<string, string> = JSON.parse(await readFile(file, 'utf8'));
  return Object.fromEntries(Object.entries(texts).map(([key, text]) => [key.slice('widget.'.length), text]));
}

/** What does not come with the page: texts of parts and of the loader, and those of a choice that there is not. */
const ELSEWHERE =
  /^(?:(?:acts|copy|file|fresh|more|offline|preview|privacy|survey)\.|form\.department|loader\.(?:dismiss|failed))/;

const pageTexts = (texts: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(texts).filter(([key]) => !ELSEWHERE.test(key)));

/** The script with the configuration in it, as `loader_config` writes it. */
async function servedLoader(texts: Record<string, string>, change: Partial<LoaderConfig> = {}): Promise<string> {
  const config: LoaderConfig = {
    u: `${base}/widgets/${code}`,
    // As `style` writes it.
    s: `:host{--c:#c2410c;--o:#ffffff}:not(.open)>.launcher:before{all:unset;content:'';border:12px solid;clip-path:path("${icons.smile}")}`,
    p: launcher.position,
    a: launcher.call_to_action,
    o: 0,
    v: false,
    d: launcher.pages,
    x: texts['loader.dismiss']!,
    f: texts['loader.failed']!,
    ...change,
  };
  const script = (await read('loader.js')).replace('__BALCAO_BASE__', base);
  return script.replace('"__BALCAO_CONFIG__"', () => JSON.stringify(config));
}

async function servedPage(language: string, all: Record<string, string>): Promise<string> {
  const texts = Object.fromEntries(Object.entries(all).filter(([key]) => !/^loader\.(?:dismiss|failed)$/.test(key)));
  const files = { image: 10, video: 50, audio: 16, file: 50 };
  const rest = { online: true };
  const config = { code, language, texts, ...rest, settings, tint, channels, departments: [], files };
  const page = (await read('panel.html')).replace('{{config}}', JSON.stringify(config));
  return page.replace('{{lang}}', language).replace('{{title}}', settings.plugin_name);
}

test.each(['pt-BR', 'en', 'es'])(
  'as served, the loader is at most 4 KiB and all that opens 24 KiB: %s',
  async (language) => {
    expect(launcher.call_to_action).toHaveLength(140);
    const texts = await textsOf(language);
    const loader = zipped(await servedLoader(texts));
    const page = zipped(await servedPage(language, pageTexts(texts)));
    const script = zipped(await read(find(/^panel-.*\.js$/)), 9);
    const style = zipped(await read(find(/^panel-.*\.css$/)), 9);
    const frame = zipped(await read(find(/^frame-.*\.js$/)), 9);
    expect(loader).toBeLessThanOrEqual(4 * 1024);
    expect(loader + frame + page + script + style).toBeLessThanOrEqual(24 * 1024);
  },
);

test('the loader is plain ASCII and holds its placeholder once', async () => {
  const loader = await read('loader.js');
  expect(loader).toMatch(/^[\x20-\x7e\s]*$/);
  expect(loader.split('"__BALCAO_CONFIG__"')).toHaveLength(2);
});

test('the panel page names its files and nothing inline', async () => {
  const html = await read('panel.html');
  for (const part of ['{{config}}', '{{lang}}', '{{title}}']) expect(html.split(part)).toHaveLength(2);
  expect(html).toContain('/widget-assets/' + find(/^panel-.*\.js$/));
  expect(html).toContain('/widget-assets/' + find(/^panel-.*\.css$/));
  expect(html).not.toMatch(/ style=| on\w+=|<style/);
});

test('no name that is shortened belongs to the browser, the protocol, the bridge or a configuration', async () => {
  const globals = Object.getOwnPropertyNames(window).map(
    (name) => (window as unknown as Record<string, unknown>)[name],
  );
  const prototypes = [Array, String, Map, Set, Promise, RegExp, Date, Function, Object, ...globals].flatMap((one) =>
    typeof one === 'function' && one.prototype ? Object.getOwnPropertyNames(one.prototype) : [],
  );
  const taken = new Set([...prototypes, ...Object.getOwnPropertyNames(window)]);
  expect(OWN_NAMES.filter((name) => taken.has(name))).toEqual([]);
  const shared = ['src/panel/protocol.ts', 'src/shared/bridge.ts', 'src/shared/config.ts', 'src/shared/ticket.ts'];
  for (const path of shared) {
    const source = await readFile(join(import.meta.dirname, '..', path), 'utf8');
    const named = [...source.matchAll(/\b(\w+)\??:/g)].map((match) => match[1]!);
    expect(
      OWN_NAMES.filter((name) => named.includes(name)),
      path,
    ).toEqual([]);
  }
});

test('no text of a language has a place under a name that is shortened', async () => {
  for (const language of ['pt-BR', 'en', 'es']) {
    const places = Object.values(await textsOf(language)).flatMap((text) => text.match(/(?<=\{)\w+(?=\})/g) ?? []);
    expect(OWN_NAMES.filter((name) => places.includes(name))).toEqual([]);
  }
});

test('no name that is shortened is asked for as a text, which stays as it is', async () => {
  const folder = join(import.meta.dirname, '../src');
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.ts'));
  const asked = new RegExp(`(?:\\[|in )'(?:${OWN_NAMES.join('|')})'|'(?:${OWN_NAMES.join('|')})' in `);
  for (const path of paths) expect(await readFile(join(folder, path), 'utf8'), path).not.toMatch(asked);
});

test('no code or text becomes HTML or code on its way', async () => {
  for (const name of names.filter((one) => one.endsWith('.js'))) {
    expect(await read(name), name).not.toMatch(
      /innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval\(|new Function/,
    );
  }
});

test('the built loader draws the launcher', async () => {
  vi.stubGlobal('fetch', vi.fn());
  new Function(await servedLoader(await textsOf('en'), { d: '' }))();
  expect(document.getElementById(`balcao-${code}`)?.className).toBe('balcao balcao-closed');
  expect(window.balcao).toMatchObject({ open: expect.any(Function), close: expect.any(Function) });
});
