// The generated shapes are those of the committed description; a Rust test holds the description against the server.
import { readFileSync } from 'node:fs';
import openapiTS, { astToString, type OpenAPI3 } from 'openapi-typescript';
import { format } from 'prettier';
import { describe, expect, it } from 'vitest';

const file = (path: string): string => readFileSync(new URL(path, import.meta.url), 'utf8');
const tidy = (text: string): Promise<string> =>
  format(text.replace(/^\/\*\*[^]*?\*\/\n/u, ''), { parser: 'typescript' });

describe('schema.ts', () => {
  it('is fresh, else `make gen` has to run', async () => {
    const description = JSON.parse(file('../openapi.json')) as OpenAPI3;
    // Shapes alone, as web/redocly.yaml has it.
    const generated = await openapiTS({ ...description, paths: {} }, { immutable: true, silent: true });
    expect(await tidy(file('../src/schema.ts'))).toBe(await tidy(astToString(generated)));
  });
});
