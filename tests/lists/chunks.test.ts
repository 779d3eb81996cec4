import { expect, test } from 'vitest';
import { chunks } from '../../src/lists/chunks.ts';

test('a list comes in pieces of at most so many, in its order', () => {
  expect([...chunks([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
});

test('a list that is empty comes in no piece', () => {
  expect([...chunks([], 2)]).toEqual([]);
});
