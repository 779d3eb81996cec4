import { expect, test } from 'vitest';
import { ANTI_PATTERN_NAMES } from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { useOf } from '../readings.ts';
import { placesOf } from './find.ts';

/**
 * How Metabase's driver writes filters on dates: columns with the table's full path in one pair of backticks, values as
 * positional parameters or typed literals, the report's time zone in each function that takes one.
 */
const DAY = '`p.atendimento.messages`.`created_at`';
const ZONE = "'America/Sao_Paulo'";
const LAST_YEAR = `TIMESTAMP(DATETIME_ADD(CURRENT_DATETIME(${ZONE}), INTERVAL -1 year), ${ZONE})`;
const MONTH_AGO = `TIMESTAMP_TRUNC(TIMESTAMP_ADD(CURRENT_TIMESTAMP(), INTERVAL -30 day), day, ${ZONE})`;
const TODAY = `TIMESTAMP_TRUNC(CURRENT_TIMESTAMP(), day, ${ZONE})`;
const WEEKDAY = `EXTRACT(DAYOFWEEK FROM ${DAY} AT TIME ZONE ${ZONE})`;
const RANGE = `${DAY} >= ? AND ${DAY} < ?`;

function countOf(condition: string): string {
  return `SELECT COUNT(*) AS \`count\` FROM \`p.atendimento.messages\` WHERE ${condition}`;
}

/** What is left to say of such a query is that the present in it keeps it from the cache. */
function findingsIn(sql: string): readonly string[] {
  return ANTI_PATTERN_NAMES.filter((name) => name !== 'not-cacheable' && placesOf(name, sql).length > 0);
}

test.each([
  ['the last 30 days', countOf(`${DAY} >= ${MONTH_AGO} AND ${DAY} < ${TODAY}`)],
  [
    'last year',
    countOf(`TIMESTAMP_TRUNC(${DAY}, year, ${ZONE}) = TIMESTAMP_TRUNC(${LAST_YEAR}, year, ${ZONE})`),
  ],
  [
    'last week, of a date',
    countOf(`DATE_TRUNC(${DAY}, week(sunday)) = DATE_TRUNC(CURRENT_DATE(${ZONE}), week(sunday))`),
  ],
  ['a day', countOf(`CAST(TIMESTAMP_TRUNC(${DAY}, day) AS DATE) = DATE "2026-11-01"`)],
  ['days between two', countOf(`DATE(${DAY}, ${ZONE}) BETWEEN ? AND ?`)],
  [
    'a field filter',
    countOf(
      `${DAY} >= timestamp "2026-11-01 00:00:00 America/Sao_Paulo" AND ${DAY} < timestamp "2026-11-02 00:00:00 America/Sao_Paulo"`,
    ),
  ],
  ['a field filter beside an optional clause that is left out', countOf(`1 = 1 AND ${RANGE}`)],
  ['a field filter beside one without a value', countOf(`${RANGE} AND 1 = 1`)],
  ['either of two ranges', countOf(`((${RANGE}) OR (${RANGE}))`)],
  ['a range or empty', countOf(`(${DAY} IS NULL OR (${RANGE}))`)],
  ['a range without Sundays', countOf(`${RANGE} AND (${WEEKDAY} <> 1 OR ${WEEKDAY} IS NULL)`)],
  [
    'a range without a sender',
    countOf(
      `(${RANGE}) AND (\`p.atendimento.messages\`.\`sender\` <> ? OR \`p.atendimento.messages\`.\`sender\` IS NULL)`,
    ),
  ],
  ['since a day that the reader chooses', countOf(`${DAY} >= ?`)],
  [
    'a range around a nested question',
    `SELECT TIMESTAMP_TRUNC(\`source\`.\`created_at\`, month, ${ZONE}) AS \`created_at\`, COUNT(*) AS \`count\`
     FROM (SELECT \`p.atendimento.messages\`.\`sender\` AS \`sender\`, ${DAY} AS \`created_at\` FROM \`p.atendimento.messages\`) AS \`source\`
     WHERE (\`source\`.\`created_at\` >= ?) AND (\`source\`.\`created_at\` < ?) GROUP BY \`created_at\` ORDER BY \`created_at\` ASC`,
  ],
  [
    'a range around a question that sums up days',
    `SELECT SUM(\`source\`.\`count\`) AS \`sum\`
     FROM (SELECT TIMESTAMP_TRUNC(${DAY}, day, ${ZONE}) AS \`created_at\`, COUNT(*) AS \`count\` FROM \`p.atendimento.messages\` GROUP BY \`created_at\`) AS \`source\`
     WHERE \`source\`.\`created_at\` >= ${MONTH_AGO} AND \`source\`.\`created_at\` < ${TODAY}`,
  ],
  [
    'a range beside a joined table',
    `SELECT \`Tickets\`.\`status\` AS \`Tickets__status\`, COUNT(*) AS \`count\` FROM \`p.atendimento.messages\`
     LEFT JOIN \`p.atendimento.tickets\` AS \`Tickets\` ON \`p.atendimento.messages\`.\`ticket_id\` = \`Tickets\`.\`ticket_id\`
     WHERE ${RANGE} GROUP BY \`Tickets__status\``,
  ],
])('%s filters by the day, and nothing is found', (_what, sql) => {
  expect(useOf(sql, 'p.atendimento.messages').filtered).toContain('created_at');
  expect(findingsIn(sql)).toEqual([]);
});

test.each([
  ['any day but one', `(${DAY} <> ? OR ${DAY} IS NULL)`],
  ['not empty', `${DAY} IS NOT NULL`],
  ['any day but Sundays', `(${WEEKDAY} NOT IN (1) OR ${WEEKDAY} IS NULL)`],
  ['an optional clause that is left out', '1 = 1'],
])('%s filters by no day', (_what, condition) => {
  const sql = countOf(`${condition} AND \`p.atendimento.messages\`.\`sender\` = ?`);

  expect(useOf(sql, 'p.atendimento.messages').filtered).not.toContain('created_at');
  expect(findingsIn(sql)).toContain('no-partition-filter');
});
