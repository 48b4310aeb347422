// What a screen is given, with the host page's storage as a plain object.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { vi } from 'vitest';
import { Client } from '../src/panel/client';
import type { Host, Init } from '../src/panel/host';
import { Prefs } from '../src/panel/prefs';
import type { Context, Screen } from '../src/panel/ui/context';
import { form } from '../src/panel/ui/form';
import { lendForm } from '../src/panel/ui/lend';
import { createWords } from '../src/panel/ui/words';
import type { Department, PanelConfig, Person } from '../src/shared/config';

const file = join(import.meta.dirname, '../../../locales/pt-BR/widget.json');
const texts = Object.fromEntries(
  Object.entries(JSON.parse(readFileSync(file, 'utf8')) as Record<string, string>).map(([key, text]) => [
    key.slice('widget.'.length),
    text,
  ]),
);

/** Nothing is asked of a server that is not there. */
vi.stubGlobal('fetch', async () => Promise.reject(new TypeError('no network')));

const settings = { ask_name: true, ask_email: true, greeting: '', offline_text: '', plugin_name: 'Vila Clara' };
const departments: Department[] = [
  { id: 'd1', name: 'Vendas', online: true },
  { id: 'd2', name: 'Suporte', online: true },
];

export interface World {
  context: Context;
  /** The storage of the host page. */
  items: Record<string, string>;
  /** The screens that were gone to. */
  gone: string[];
}

/** The panel as a page finds it that was left with these items in storage. */
export function panelWith(items: Record<string, string> = {}, contact: Person = {}): World {
  const gone: string[] = [];
  const host = {
    isFramed: true,
    put: async (k: string, v: string | null) => void (v === null ? delete items[k] : (items[k] = v)),
    unread: () => {},
    did: () => {},
    ticket: async () => ({ ok: { ticket: 'T', expires_in: 600, known: false } }),
  } as unknown as Host;
  const given = {
    language: 'pt-BR',
    base: 'https://s',
    online: true,
    texts,
    settings: { ...settings },
    departments,
    company: 'Vila Clara',
  };
  const config = given as unknown as PanelConfig;
  const client = new Client(config, host);
  const prefs = new Prefs(config, host);
  const init = { items, contact } as Init;
  client.load(init);
  prefs.load(init);
  const go = (view: string) => void gone.push(view);
  const rest = {
    words: createWords(config),
    write: () => {},
    redraw: () => {},
    isAway: () => false,
    there: () => config.departments.find(({ id }) => id === prefs.draft.department) ?? client.state,
  };
  return { context: { config, client, host, prefs, go, ...rest }, items, gone };
}

/** As the host page starts a panel that stands open. */
export const initOf = ({ items }: World): Init => ({
  t: 'init',
  known: false,
  auto: false,
  open: true,
  items,
  contact: {},
});

type Control = HTMLInputElement | HTMLTextAreaElement | HTMLSelectElement;

export const control = (node: HTMLElement, name: string): Control => node.querySelector<Control>(`#field-${name}`)!;

export function fill(control: Control, value: string): void {
  control.value = value;
  control.dispatchEvent(new Event('input', { bubbles: true }));
}

/** The form, as the panel loads it. */
export function formOf(context: Context): Screen {
  const [node, focus, update] = form(context.config, context.client.ask, lendForm(context));
  return { node, focus, update };
}
