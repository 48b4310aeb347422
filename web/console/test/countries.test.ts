// The list of countries is the server's: a country that is offered is one that it takes.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { callingCodes, countries } from '../src/features/workspaces/countries';

describe('countries', () => {
  test('are those whose calling codes the server knows', () => {
    const source = readFileSync(join(import.meta.dirname, '../../../crates/types/src/rules/phone.rs'), 'utf8');
    const text = /CALLING_CODES: &str = "([^"]*)"/.exec(source)?.[1] ?? '';
    expect(callingCodes()).toEqual(text.replaceAll('\\', ' ').trim().split(/\s+/));
    expect(callingCodes().length).toBeGreaterThan(200);
  });

  test('are found by name and by code', () => {
    const brazil = countries().find(({ value }) => value === 'BR');
    expect(brazil?.label).toMatch(/Bra[sz]il \(\+55\)/);
  });
});
