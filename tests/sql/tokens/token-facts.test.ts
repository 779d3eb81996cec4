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
  ['INSERT d.t (a) SELECT 1', []],
  ['CREATE TABLE d.t (a INT64 REFERENCES d.u(a) NOT ENFORCED)', []],
  ['LOAD DATA OVERWRITE d.t (a INT64) FROM FILES (uris = [])', ['FILES']],
])('the functions called by %s', (sql, functions) => {
  expect(tokenFactsOf(sql).functions).toEqual(functions);
});

test.each([
  ['SELECT d.Clean(x), p.d.f(y), `p-1`.d.g(z), SAFE.d.h(1)', ['d.Clean', 'p.d.f', 'p-1.d.g', 'd.h']],
  ['SELECT * FROM d.rows_of(1)', ['d.rows_of']],
  ['SELECT AI.GENERATE(x), NET.HOST(y), upper(z), own(1)', []],
  ['SELECT ai.d.f(x)', ['ai.d.f']],
])('the functions of its own that a company calls by %s, as written', (sql, routines) => {
  expect(tokenFactsOf(sql).routines).toEqual(routines);
});
