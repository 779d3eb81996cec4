import { describe, expect, test } from 'vitest';
import { readUncached } from '../../src/sql/parsers/read-uncached.ts';
import { tokenSummaryOf } from '../../src/sql/read-result.ts';
import { DEFAULT_LIMITS } from '../../src/sql/reading-limits.ts';
import { defaults } from '../sql/readings.ts';
import { afresh, shareOfOneLong } from './growth.ts';

const TIMES = 16;
const SHORT = 25;
/** Far from one, what linear work comes to, and from the hundreds that a search of all for each of each comes to. */
const MOST = TIMES / 2;

const many = (count: number, textOf: (at: number) => string, separator = ', ') =>
  Array.from({ length: count }, (_, at) => textOf(at)).join(separator);

const GROWING: readonly (readonly [string, (count: number) => string])[] = [
  [
    'tables after commas, each with a condition',
    (count) =>
      `SELECT 1 FROM ${many(count, (at) => `e.t${at}`)} WHERE ${many(count, (at) => `t${at}.day > 1`, ' AND ')}`,
  ],
  [
    'reads of a common table, each with a condition',
    (count) =>
      `WITH c AS (SELECT * FROM e.t) SELECT 1 FROM ${many(count, (at) => `c AS c${at}`)} WHERE ${many(count, (at) => `c${at}.day > 1`, ' AND ')}`,
  ],
  ['joins', (count) => `SELECT t.a FROM e.t ${many(count, (at) => `JOIN e.u${at} ON t.k = u${at}.k`, ' ')}`],
  [
    'subqueries',
    (count) => `SELECT ${many(count, () => '(SELECT MAX(b) FROM e.u WHERE u.k = t.k)')} FROM e.t`,
  ],
  ['conditions', (count) => `SELECT a FROM e.t WHERE ${many(count, (at) => `day = ${at}`, ' OR ')}`],
  ['fields', (count) => `SELECT STRUCT(${many(count, (at) => `a${at} AS b${at}`)}) FROM e.t`],
  [
    'arguments of a procedure',
    (count) => `CREATE PROCEDURE e.p(${many(count, (at) => `a${at} INT64`)}) BEGIN SELECT 1; END`,
  ],
  [
    'calls',
    (count) => `SELECT ${many(count, (at) => `COUNT(a HAVING MAX b${at}), \`p\`.\`e\`.\`f\`(a)`)} FROM e.t`,
  ],
];

const look = afresh((sql) => readUncached(sql, tokenSummaryOf(sql), defaults, DEFAULT_LIMITS));

describe('one long query is read in about the time of as many short ones, with many', {
  timeout: 60_000,
}, () => {
  test.each(GROWING)('%s', (_what, textOf) => {
    const [short, long] = [textOf(SHORT), textOf(SHORT * TIMES)];

    expect(shareOfOneLong({ look, short, long, times: TIMES, atMost: MOST })).toBeLessThan(MOST);
  });
});
