// Tables for spreadsheets: nothing in them is calculated, and everything reads back.
import { expect, test } from 'vitest';
import { csv } from '../src/shell/csv';

test('a cell that a spreadsheet would calculate is only shown', () => {
  for (const formula of ['=1+1', '+55 11', '-1', '@SUM(A1)', '\t=1', '\r=1', '=HYPERLINK("http://x";"y")']) {
    const [, line] = csv([['a'], [formula]]).split('\r\n');
    expect(line?.replace(/^"/u, '').startsWith("'"), formula).toBe(true);
  }
});

test('separators, quotes and line breaks stay inside their cell', () => {
  expect(
    csv([
      ['Nome', 'Link'],
      ['A; "B"', 'x\ny'],
    ]),
  ).toBe('\uFEFFNome;Link\r\n"A; ""B""";"x\ny"\r\n');
});
