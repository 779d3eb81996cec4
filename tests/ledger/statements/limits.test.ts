import { expect, test } from 'vitest';
import { insertable } from '../../../src/ledger/statements/limits.ts';

test('rows are inserted in order, in chunks with no more values than a statement can bind', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ a: i, b: 0, c: 0, d: null }));

  const pieces = [...insertable(rows)];

  expect(pieces.map(({ length }) => length)).toEqual([8_191, 1_809]);
  expect(pieces.flat()).toEqual(rows);
});

test('no rows give no chunk', () => {
  expect([...insertable([])]).toEqual([]);
});
