import { expect, test } from 'vitest';
import { inOrder, moved } from '../src/features/departments/order';

const people = ['c', 'a', 'd', 'b'].map((id) => ({ id }));
const ids = (order: string[]) => inOrder(people, order).map((one) => one.id);

// Z-120
test('who is named comes first in that order, the others as they came, and who has left is passed over', () => {
  expect(ids([])).toEqual(['a', 'b', 'c', 'd']);
  expect(ids(['d', 'gone', 'b'])).toEqual(['d', 'b', 'a', 'c']);
});

// Z-120
test('moving changes two places, and at an end none', () => {
  expect(moved(['a', 'b', 'c'], 'b', -1)).toEqual(['b', 'a', 'c']);
  expect(moved(['a', 'b', 'c'], 'b', 1)).toEqual(['a', 'c', 'b']);
  expect(moved(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
  expect(moved(['a', 'b', 'c'], 'x', 1)).toEqual(['a', 'b', 'c']);
});
