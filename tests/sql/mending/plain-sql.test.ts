import { expect, test } from 'vitest';
import { plainSql } from '../../../src/sql/mending/plain-sql.ts';

test.each([
  ['SELECT x FROM t', 'SELECT x FROM t'],
  ['SELECT x -- é\r\nFROM t# b', 'SELECT x     \r\nFROM t   '],
  ['SELECT /* a\n/* b */ x', 'SELECT     \n        x'],
  ["SELECT 'a -- \\' b', \"# c\"", 'SELECT \'a -- __ b\', "# c"'],
  ["SELECT r'''a\\''' d''', b'e\\\\'", "SELECT r'''a____ d''', b'e__'"],
  ["SELECT 'never closed -- ", "SELECT 'never closed -- "],
])('%j becomes %j, which other parsers read as BigQuery does', (sql, plain) => {
  expect(plainSql(sql)).toBe(plain);
});

test('characters keep their positions, even after surrogate pairs', () => {
  const sql = "SELECT '😀', x -- 😀\nFROM t";

  expect(plainSql(sql)).toBe("SELECT '😀', x      \nFROM t");
});
