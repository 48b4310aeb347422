// T-162: the small sum is done with the SHA-256 that everybody has, and it is done quickly.
import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { sha256, solve } from '../src/shared/proof';
import { guard, prove } from '../src/panel/ui/guard';

const hex = (words: number[]) => words.map((word) => (word >>> 0).toString(16).padStart(8, '0')).join('');
const known = (text: string) => createHash('sha256').update(text).digest('hex');

test('texts of every length have the digest that they have elsewhere', () => {
  for (let length = 0; length < 200; length++) {
    const text = 'abcXYZ019:,.-'.repeat(20).slice(0, length);
    expect(hex(sha256(text)), `${length}`).toBe(known(text));
  }
});

test('a solved challenge begins with as many zero bits as were asked for', async () => {
  for (const challenge of ['a', 'proof:' + 'x'.repeat(57), 'proof:' + 'x'.repeat(120)]) {
    const proof = await solve(challenge, 12);
    expect(proof.startsWith(challenge + ',')).toBe(true);
    expect(known(proof).startsWith('000')).toBe(true);
  }
});

test('a refused message comes back with a proof, and not for ever', async () => {
  const asked = { challenge: 'c', bits: 4 };
  const form = await prove('m', { name: 'Marina' }, asked);
  expect(form).toMatchObject({ name: 'Marina' });
  expect(known(form!.proof!)[0]).toBe('0');
  for (let i = 0; i < 3; i++) expect(await prove('m', undefined, asked)).not.toBeNull();
  expect(await prove('m', undefined, asked)).toBeNull();
  expect(await prove('other', undefined, undefined)).toBeNull();
});

test('the form has a field that nobody sees, and its challenge is solved while somebody types', async () => {
  const form = document.createElement('form');
  let asked = 0;
  const ask = async () => (asked++, new Response(JSON.stringify({ challenge: 'c', bits: 4 })));
  const guarded = guard(form, true, ask);
  expect(guarded()).toEqual({ website: undefined, proof: undefined });
  const trap = form.querySelector<HTMLInputElement>('[name=website]')!;
  expect(trap.tabIndex).toBe(-1);
  expect(trap.getAttribute('aria-hidden')).toBe('true');
  for (let i = 0; i < 3; i++) form.dispatchEvent(new Event('input'));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(asked).toBe(1);
  trap.value = 'https://spam.test';
  const { website, proof } = guarded();
  expect(website).toBe('https://spam.test');
  expect(known(proof!)[0]).toBe('0');
  // Good for one.
  expect(guarded().proof).toBeUndefined();
});

test('where nothing will be asked for, nothing is asked', () => {
  const form = document.createElement('form');
  guard(form, undefined, () => Promise.reject(new Error('asked')));
  form.dispatchEvent(new Event('input'));
});
