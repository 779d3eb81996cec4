const nested = (depth: number) => `SELECT ${'('.repeat(depth)}1${')'.repeat(depth)}`;

const list = (length: number, part: (index: number) => string, between: string) =>
  Array.from({ length }, (_, index) => part(index)).join(between);

/** SQL made to keep a parser busy, to exhaust its stack, or to block the process that reads it. */
export const ADVERSARIAL: readonly (readonly [what: string, sql: string])[] = [
  ['30 parentheses', nested(30)],
  ['90 parentheses', nested(90)],
  ['50,000 parentheses', nested(50_000)],
  ['99 unclosed parentheses', `SELECT ${'('.repeat(99)}`],
  ['90 nested calls', `SELECT ${'f('.repeat(90)}1${')'.repeat(90)}`],
  ['60 nested subqueries', `SELECT * FROM ${'(SELECT * FROM '.repeat(60)}t${')'.repeat(60)}`],
  ['100,000 NOT', `SELECT ${'NOT '.repeat(100_000)}TRUE`],
  ['100,000 minus signs', `SELECT ${'- '.repeat(100_000)}1`],
  ['100,000 additions', `SELECT ${list(100_000, () => '1', '+')}`],
  ['a list of 150,000 numbers', `SELECT x FROM t WHERE x IN (${list(150_000, String, ',')})`],
  ['50,000 conditions', `SELECT x FROM t WHERE ${list(50_000, (i) => `x = ${i}`, ' OR ')}`],
  ['100,000 columns', `SELECT ${list(100_000, (i) => `c${i}`, ',')} FROM t`],
  ['400 operands of UNION', `SELECT 1 AS x${' UNION ALL SELECT 1'.repeat(400)}`],
  ['10,000 operands of UNION', `SELECT 1 AS x${' UNION ALL SELECT 1'.repeat(10_000)}`],
  [
    '2,000 common tables',
    `WITH a0 AS (SELECT 1 x),${list(2_000, (i) => `a${i + 1} AS (SELECT x FROM a${i})`, ',')} SELECT x FROM a2000`,
  ],
  ['3,000 joins', `SELECT 1 FROM t0 ${list(3_000, (i) => `JOIN t${i + 1} USING (x)`, ' ')}`],
  [
    '1,000 joins, each with a condition',
    `SELECT 1 FROM t0 ${list(1_000, (i) => `FULL JOIN t${i + 1} ON t${i}.x = t${i + 1}.x`, ' ')}`,
  ],
  ['a string of 1,000,000 characters', `SELECT '${'x'.repeat(1_000_000)}'`],
  ['400,000 escaped quotes in an unclosed string', `SELECT "${'\\"'.repeat(400_000)}`],
  ['300,000 starts of a comment', `SELECT ${'/* '.repeat(300_000)}`],
  ['a word of 10,000,000 characters', 'x'.repeat(10_000_000)],
  ['100,000 null characters', '\u0000'.repeat(100_000)],
  ['500,000 semicolons', ';'.repeat(500_000)],
];
