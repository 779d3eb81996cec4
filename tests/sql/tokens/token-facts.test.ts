import { expect, test } from 'vitest';
import { tokenFactsOf } from '../../../src/sql/tokens/token-facts.ts';

test.each([
  ['SELECT ai.generate(x)', ['AI.GENERATE']],
  ['SELECT `AI` . generate /* no */ (x)', ['AI.GENERATE']],
  ['SELECT SAFE.ML.PREDICT(x)', ['ML.PREDICT']],
  ['SELECT (x).(ai.generate)(y)', ['AI.GENERATE']],
  ['SELECT (x).UPPER().(SAFE.SUBSTR)(1)', ['UPPER', 'SUBSTR']],
  ['SELECT (x) . ( `p`.d.f ) ()', ['P.D.F']],
  ['SELECT DATE_SUB(CURRENT_DATE)', ['DATE_SUB', 'CURRENT_DATE']],
  ['SELECT x IN (y) AND (a.b)', []],
  ['SELECT AS STRUCT t.(x) FROM t', []],
])('the functions called by %s', (sql, functions) => {
  expect(tokenFactsOf(sql).functions).toEqual(functions);
});
