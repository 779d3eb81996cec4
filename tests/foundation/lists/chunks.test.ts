import { expect, test } from 'vitest';
import { chunks } from '../../../src/foundation/lists/chunks.ts';

test('a list is split into chunks of a maximum size, in order', () => {
  expect([...chunks([1, 2, 3, 4, 5], 2)]).toEqual([[1, 2], [3, 4], [5]]);
});

test('an empty list has no chunks', () => {
  expect([...chunks([], 2)]).toEqual([]);
});
