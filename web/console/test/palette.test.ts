// The palette: handing on somebody's open conversations is found by whoever may.
import { beforeEach, expect, it, vi } from 'vitest';
import { api } from '../src/api';
import { session } from '../src/features/access/session.svelte';
import { live } from '../src/features/live/live.svelte';
import { team } from '../src/features/routing/team.svelte';
import { i18n } from '../src/i18n/i18n.svelte';
import { PaletteSearch } from '../src/shell/palette.svelte';
import { agent, load, me, world } from './people';

function loggedIn(role: 'agent' | 'administrator'): void {
  session.keep(me({ role, permissions: ['conversations_reply'] }));
}

/** Who can be handed on for, with this search. */
function found(search: string): string[] {
  const palette = new PaletteSearch(() => undefined);
  palette.type(search);
  return palette.entries.flatMap(({ id }) => (id.startsWith('hand-over-') ? [id.slice('hand-over-'.length)] : []));
}

beforeEach(async () => {
  await i18n.use('pt-BR');
  vi.spyOn(api, 'conversations').mockReturnValue(new Promise(() => undefined));
  vi.spyOn(api, 'searchMessages').mockReturnValue(new Promise(() => undefined));
  const people = [agent('ana'), agent('bruno'), agent('carla')];
  live.update(() => world(people, [], { ana: load(1), bruno: load(3), carla: load(0) }));
});

it('by whoever manages, for everybody who has something open, and only when it is asked for by what is done', () => {
  loggedIn('administrator');
  expect(found('passar bruno')).toEqual(['bruno']);
  expect(found('passar carla')).toEqual([]);
  expect(found('passar')).toEqual(['ana', 'bruno']);
  for (const search of ['', 'bruno']) expect(found(search)).toEqual([]);
});

it('by an agent for themselves alone', () => {
  loggedIn('agent');
  expect(found('passar bruno')).toEqual([]);
  expect(found('passar ana')).toEqual(['ana']);
});

it('opens the dialog', () => {
  loggedIn('administrator');
  const palette = new PaletteSearch(() => undefined);
  palette.type('conversas de bruno');
  palette.entries.find(({ id }) => id === 'hand-over-bruno')?.run();
  expect(team.handed?.id).toBe('bruno');
});

// by whatever people call it.
it('finds the ratings by many names, for whoever may be rated', async () => {
  session.keep(me({ role: 'agent', permissions: ['conversations_view', 'conversations_reply'] }));
  const finds = (search: string) => {
    const palette = new PaletteSearch(() => undefined);
    palette.type(search);
    return palette.entries.some(({ id }) => id === 'ratings');
  };
  for (const word of ['avaliação', 'avaliacoes', 'nota', 'pesquisa', 'satisfação', 'admin', 'estatísticas', 'métricas'])
    expect(finds(word), word).toBe(true);
  await i18n.use('en');
  for (const word of ['rating', 'score', 'survey', 'metrics', 'admin']) expect(finds(word), word).toBe(true);
  await i18n.use('es');
  for (const word of ['calificación', 'nota', 'encuesta', 'métricas', 'admin']) expect(finds(word), word).toBe(true);
  session.keep(me({ role: 'viewer', permissions: ['conversations_view'] }));
  expect(finds('admin')).toBe(false);
});
