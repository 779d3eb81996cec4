import { describe, expect, test } from 'vitest';
import { standardQueries } from '../../src/sql/translation/standard-queries.ts';
import { PLAIN, readerWith } from '../sql/open-reader.ts';
import { afresh, shareOfOneLong } from './growth.ts';

const TIMES = 31;
const SHORT = 40;
/** Far from one, what linear work comes to, and from `TIMES`, what quadratic work comes to. */
const MOST = TIMES / 4;

const pipes = (operator: string) => (count: number) => `FROM e.t ${operator.repeat(count)}`;
const joinedPipes = (operator: string) => (count: number) =>
  `FROM e.t JOIN e.u USING (k) ${operator.repeat(count)}`;
const words = (word: string) => (count: number) => word.repeat(count);

const GROWING: readonly (readonly [string, (count: number) => string])[] = [
  ['conditions', pipes('|> WHERE a = 1 ')],
  ['new columns', pipes('|> EXTEND a AS b ')],
  ['new columns of joined rows', joinedPipes('|> WHERE a = 1 |> EXTEND 1 AS c ')],
  ['dropped columns', pipes('|> DROP a ')],
  ['sums', pipes('|> AGGREGATE COUNT(*) AS n GROUP BY a ')],
  ['unions', pipes('|> UNION ALL (FROM e.u) ')],
  ['common tables', pipes('|> WITH c AS (FROM e.u) ')],
  ['joins', pipes('|> JOIN e.u USING (k) ')],
  ['functions', pipes('|> CALL f(1) ')],
  ['pipes without operators', pipes('|>')],
  ['pipes in a string', (count) => `FROM e.t |> WHERE a = '${'|> '.repeat(count)}'`],
  ['conditions of a script', words('IF x THEN ')],
  ['cases of a script', words('CASE WHEN x THEN ')],
  ['loops of a script', words('FOR r IN (SELECT 1) DO ')],
  ['blocks', words('BEGIN ')],
  ['labels', words('x: ')],
  ['inserts', words('INSERT ')],
];

describe('many operators and control words take as long as the same number in short queries', {
  timeout: 60_000,
}, () => {
  test.each(GROWING)('%s', (_what, textOf) => {
    const [short, long] = [textOf(SHORT), textOf(SHORT * TIMES)];

    expect(
      shareOfOneLong({ look: afresh(standardQueries), short, long, times: TIMES, atMost: MOST }),
    ).toBeLessThan(MOST);
  });
});

const deep = (open: string, close: string) => open.repeat(100_000) + close.repeat(100_000);

describe('brackets without end are not translated', () => {
  test.each([
    ['in a condition', `FROM e.t |> WHERE ${deep('(', ')')}`],
    ['around queries', `${'('.repeat(100_000)}FROM e.t${' |> LIMIT 1)'.repeat(100_000)}`],
    ['in ROLLUP', `FROM e.t |> AGGREGATE GROUP BY ROLLUP${deep('(', ')')}`],
    ['around tables', `FROM ${deep('(', ')')} |> LIMIT 1`],
    ['of arrays', `IF ${deep('[', ']')} THEN SELECT 1; END IF`],
  ])('%s', (_where, sql) => {
    expect(standardQueries(sql)).toBe(null);
  });

  test('but as many as people nest are', () => {
    expect(standardQueries(`FROM e.t |> WHERE ${'('.repeat(400)}1${')'.repeat(400)}`)).not.toBe(null);
  });
});

const HOSTILE: readonly string[] = [
  ...['|> WHERE a = 1 ', '|> LIMIT 1 ', '|> EXTEND a AS b ', '|>'].map((part) => pipes(part)(60_000)),
  ...['|> UNION ALL (FROM e.u) ', '|> WITH c AS (FROM e.u) '].map((part) => pipes(part)(40_000)),
  pipes('|> AGGREGATE COUNT(*) GROUP BY a ')(30_000),
  ...['ELSE ', 'BEGIN ', 'CASE ', 'END; ', 'x: ', 'LOOP ', 'REPEAT '].map((word) => word.repeat(100_000)),
  `${'IF x THEN '.repeat(50_000)}SELECT 1;${'END IF;'.repeat(50_000)}`,
  `FROM e.t |> WHERE a = '${'|> '.repeat(300_000)}'`,
  `FROM e.t |> WHERE ${deep('(', ')')}`,
  `FROM e.t |> ${deep('CASE ', 'END ')}`,
];

test('hostile pipes and scripts get a reading within the limits, and leave the reader working', {
  timeout: 120_000,
}, async () => {
  const { read, events } = readerWith({ processes: 2, limits: { milliseconds: 1_000 } });

  const readings = await Promise.all(HOSTILE.map(read));

  for (const { reader, unreadReason } of readings) expect(reader === 'none').toBe(unreadReason !== null);
  expect(events.outcomes).toHaveLength(HOSTILE.length);
  expect(events.outcomes).not.toContain('failure');
  expect((await read(PLAIN)).reader).toBe('polyglot');
});
