import { expect, test } from 'vitest';
import { translate } from '../../../src/sandbox/googlesql/translate.ts';

function bound(sql: string, ...values: readonly string[]): string {
  const parameters = values.map((value) => ({
    parameterType: { type: 'STRING' },
    parameterValue: { value },
  }));
  return translate({ sql, projectId: 'p', parameters }).duckdbSql;
}

test.each([
  [
    'WITH a AS (SELECT ? AS x) SELECT x, ? AS y FROM a WHERE x = ?',
    "WITH a AS (SELECT '1' AS x) SELECT x, '2' AS y FROM a WHERE x = '3'",
  ],
  [
    'WITH a AS (SELECT ? AS x) SELECT x FROM a UNION ALL SELECT ?',
    "WITH a AS (SELECT '1' AS x) SELECT x FROM a UNION ALL SELECT '2'",
  ],
  [
    'SELECT ? AS a FROM (SELECT ? AS b) WHERE b = ? ORDER BY ? LIMIT 5',
    "SELECT '1' AS a FROM (SELECT '2' AS b) WHERE b = '3' ORDER BY '4' NULLS FIRST LIMIT 5",
  ],
])('positional parameters are bound in the order of the text: %s', (sql, expected) => {
  expect(bound(sql, '1', '2', '3', '4')).toBe(expected);
});
