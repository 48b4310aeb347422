// What the conversation says about events, in every language's own texts.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import type { Client } from '../src/panel/client';
import type { Context } from '../src/panel/ui/context';
import { makeLine } from '../src/panel/ui/lines';
import { eventText, inLine, linesOf } from '../src/panel/ui/rows';
import { createWords } from '../src/panel/ui/words';
import type { Language, PanelConfig } from '../src/shared/config';

async function wordsIn(language: Language) {
  const file = join(import.meta.dirname, `../../../locales/${language}/widget.json`);
  const all: Record<string, string> = JSON.parse(await readFile(file, 'utf8'));
  const texts = Object.fromEntries(Object.entries(all).map(([key, text]) => [key.slice('widget.'.length), text]));
  return createWords({ language, texts } as PanelConfig);
}

test('names who did it where the event has a name', async () => {
  const words = await wordsIn('pt-BR');
  expect(eventText({ code: 'taken', name: 'Ana' }, words)).toBe('Ana vai atender você');
  expect(eventText({ code: 'taken', name: null }, words)).toBe('Alguém da equipe vai atender você');
  expect(eventText({ code: 'closed_by_visitor', name: null }, words)).toBe('Você encerrou a conversa');
  expect(eventText({ code: 'reopened', name: 'Ana' }, words)).toBe('Conversa reaberta');
});

test.each(['pt-BR', 'en', 'es'] as const)(
  'every event of the protocol has its words, others none: %s',
  async (language) => {
    const words = await wordsIn(language);
    for (const code of ['taken', 'closed', 'closed_by_visitor', 'returned', 'reopened', 'transferred']) {
      for (const name of ['Ana', null]) {
        const text = eventText({ code, name }, words);
        expect(text, code).toBeTruthy();
        expect(text, code).not.toMatch(/[{}]|event\./);
      }
    }
    expect(eventText({ code: 'future', name: 'Ana' }, words)).toBe('');
    expect(eventText({ code: 'future', name: null }, words)).toBe('');
  },
);

test('every conversation begins with its number, also where another one begins below', async () => {
  const words = await wordsIn('pt-BR');
  const at = new Date().toISOString();
  const row = (key: string) => ({ key, kind: 'message', from: 'visitor', text: key, at });
  const state = {
    past: [{ conversation: { id: 'a', protocol: '2026-7' }, rows: [row('a:1')] }],
    conversation: { id: 'b', protocol: '2026-9', state: 'open' },
    rows: [row('b:1'), row('b:2')],
    typing: null,
    earlier: false,
    marks: {},
  };
  const lines = (earlier: boolean) => {
    const client = { state: { ...state, earlier }, outbox: { items: [] } } as unknown as Client;
    return linesOf(client, words, 'Loja').flatMap((line) =>
      line.kind === 'protocol' ? `${line.text} (${line.number})` : line.kind === 'bubble' ? line.text : [],
    );
  };
  expect(lines(false)).toEqual(['Protocolo 2026-7 (2026-7)', 'a:1', 'Protocolo 2026-9 (2026-9)', 'b:1', 'b:2']);
  // The first one's beginning is not here yet.
  expect(lines(true)).toEqual(['a:1', 'Protocolo 2026-9 (2026-9)', 'b:1', 'b:2']);
});

test('of what happens with nothing said in between the last is shown', async () => {
  const words = await wordsIn('pt-BR');
  const at = new Date().toISOString();
  const message = (key: string) => ({ key, kind: 'message', from: 'agent', name: 'Ana', text: key, at });
  const event = (code: string, target?: string) => ({
    key: code,
    kind: 'event',
    from: 'system',
    text: '',
    at,
    event: { code, name: 'Ana', target },
  });
  const noted = (rows: object[], past: object[] = []) => {
    const state = { past, conversation: { id: 'b', protocol: '2', state: 'open' }, rows, typing: null, marks: {} };
    const client = { state, outbox: { items: [] } } as unknown as Client;
    return linesOf(client, words, 'Loja').flatMap((line) => (line.kind === 'note' ? line.text : []));
  };
  expect(noted([event('taken'), message('Oi'), event('transferred', 'Caixa'), event('taken_back')])).toEqual([
    'Ana vai atender você',
    'Ana continua com você',
  ]);
  const past = [{ conversation: { id: 'a', protocol: '1' }, rows: [message('Oi'), event('closed')] }];
  expect(noted([event('taken')], past)).toEqual(['Conversa encerrada por Ana', 'Ana vai atender você']);
});

test('one press copies the number of a conversation, and says so for a while', async () => {
  vi.useFakeTimers();
  const words = await wordsIn('pt-BR');
  const copied: string[] = [];
  document.execCommand = () => !!copied.push(`${getSelection()}`);
  const line = { kind: 'protocol', key: 'p', text: 'Protocolo 2026-7', number: '2026-7' } as const;
  const node = makeLine(line, { words } as Context, () => {}, new AbortController().signal);
  document.body.append(node);
  const press = node.querySelector('button')!;
  const arrived = () => vi.dynamicImportSettled();
  document.documentElement.lang = 'pt-BR';
  press.click();
  await arrived();
  expect(copied).toEqual(['2026-7']);
  expect(press.textContent).toBe('Número copiado');
  vi.runAllTimers();
  expect(press.textContent).toBe('Protocolo 2026-7');
  document.execCommand = () => false;
  press.click();
  await arrived();
  expect(press.textContent).toBe('2026-7');
  vi.useRealTimers();
  node.remove();
});

test('days are called by their names', async () => {
  const words = await wordsIn('pt-BR');
  const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString();
  expect(words.dayOf(daysAgo(0))).toBe('Hoje');
  expect(words.dayOf(daysAgo(1))).toBe('Ontem');
});

test('a file is said by its kind, before its text', async () => {
  const words = await wordsIn('pt-BR');
  expect(inLine('Olhem', { kind: 'image' }, words)).toBe('Foto · Olhem');
  expect(inLine('', { kind: 'audio' }, words)).toBe('Áudio');
  expect(inLine('Oi', null, words)).toBe('Oi');
});

test('every sentence that the parts for files say has a text', async () => {
  const folder = join(import.meta.dirname, '../src/panel/ui');
  const { t } = await wordsIn('pt-BR');
  const states = ['asking', 'encoding', 'mic_denied', 'mic_missing', 'mic_broken', 'mic_unsupported'];
  const kinds = ['image', 'video', 'audio', 'file'];
  const problems = ['too_large', 'empty', 'program', 'wrong_kind'];
  const keys = [...states, ...kinds.map((kind) => 'send_' + kind), ...problems, 'lost'];
  for (const name of ['attach', 'bring', 'composer', 'figure', 'lightbox', 'tray', 'voice']) {
    const source = await readFile(join(folder, `${name}.ts`), 'utf8');
    keys.push(...[...source.matchAll(/'file\.([a-z_]+[a-z])'/g)].map((match) => match[1]!));
  }
  for (const key of keys) expect(t('file.' + key), key).not.toBe('file.' + key);
  for (const kind of kinds) expect(t('kind.' + kind), kind).not.toBe('kind.' + kind);
});
