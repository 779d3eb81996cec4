import { expect, test } from 'vitest';
import { withoutComments } from '../../../src/sql/tokens/without-comments.ts';

test.each([
  ['-- Metabase:: userID: 12 queryType: native\nSELECT a FROM t', 'SELECT a FROM t'],
  ['/* Username: ana@example.com */ SELECT a -- why\nFROM t', 'SELECT a  \nFROM t'],
  [
    "SELECT '-- no comment' AS a, `/* nor */` # this is\nFROM t",
    "SELECT '-- no comment' AS a, `/* nor */`  \nFROM t",
  ],
  ['SELECT\n  a\nFROM t', 'SELECT\n  a\nFROM t'],
  ['SELECT a FROM t /* Username: ana', 'SELECT a FROM t'],
])('%j without comments is %j', (sql, expected) => {
  expect(withoutComments(sql)).toBe(expected);
});
