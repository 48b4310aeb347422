// T-031: the documentation lists every parameter of the script, and nothing that the script does not know.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const read = (path: string) => readFileSync(join(import.meta.dirname, '../../..', path), 'utf8');
const host = read('web/widget/src/loader/host.ts');

/** The names in an interface, at its first level. */
function keysOf(source: string, name: string): string[] {
  const body = source.split(`export interface ${name} {`)[1]?.split('\n}')[0] ?? '';
  return [...body.matchAll(/^ {2}(\w+)\??[:(]/gm)].map((found) => found[1]!).sort();
}

const listed = (page: string) => [...page.matchAll(/^\| `(\w+)` \|/gm)].map((found) => found[1]!).sort();

test.each(['docs/guide/script.md', 'docs/guide/pt-BR/script.md'])('%s lists every parameter', (path) => {
  const page = read(path);
  expect(keysOf(host, 'Payload').length).toBeGreaterThan(8);
  expect(listed(page)).toEqual(keysOf(host, 'Payload'));
  for (const key of keysOf(host, 'Contact')) expect(page).toMatch(new RegExp(`\`contact\`.*\\b${key}\\b`));
  const verbs = keysOf(host, 'HostApi').filter((key) => key !== 'id' && key !== 'payload');
  for (const verb of verbs) expect(page).toContain(`balcao.${verb}(`);
});

test('the package for npm knows the same parameters', () => {
  const types = read('integrations/npm/index.d.ts');
  expect(keysOf(types, 'Payload')).toEqual(keysOf(host, 'Payload'));
  expect(keysOf(types, 'Contact')).toEqual(keysOf(host, 'Contact'));
});
