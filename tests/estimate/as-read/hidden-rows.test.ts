import { expect, test } from 'vitest';
import { withHiddenRows } from '../../../src/estimate/as-read/hidden-rows.ts';
import { type GivenEstimate, givenEstimate } from '../../../src/rehearsal/given-estimate.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import type { Estimate } from '../../../src/vocabulary/estimate.ts';

/** The accuracy of a query's estimate if these functions are called behind what it names, and whether that was looked up. */
async function judged(
  sql: string,
  functions: readonly string[],
  changes: Partial<GivenEstimate & Pick<Estimate, 'resultCached'>> = {},
) {
  const reading = readSql(sql, { projectId: 'p', defaultDataset: null });
  const given = { bytesProcessed: 0n, referencedTables: [] as const, ...changes };
  let isLookedUp = false;
  const { accuracy } = await withHiddenRows(givenEstimate(given, reading), reading, async () => {
    isLookedUp = true;
    return { functions, routines: [], outsideRoutines: [], unread: [] };
  });
  return { accuracy, isLookedUp };
}

test.each(['SELECT x FROM d.v', 'SELECT x FROM d.f(1)'])(
  'an estimate of nothing is a lower bound if rows come from a database behind a view or a function: %s',
  async (sql) => {
    expect(await judged(sql, ['EXTERNAL_QUERY'])).toEqual({ accuracy: 'LOWER_BOUND', isLookedUp: true });
    expect(await judged(sql, ['COUNT'])).toEqual({ accuracy: 'PRECISE', isLookedUp: true });
  },
);

test.each([
  ['SELECT 1', {}],
  ['SELECT x FROM d.t', { referencedTables: [{ projectId: 'p', datasetId: 'd', tableId: 't' }] }],
  ['SELECT x FROM d.v', { bytesProcessed: 1n }],
  ['SELECT x FROM d.v', { resultCached: true }],
])('nothing is looked up for a query that cannot hide rows: %s', async (sql, changes) => {
  expect(await judged(sql, ['EXTERNAL_QUERY'], changes)).toEqual({ accuracy: 'PRECISE', isLookedUp: false });
});
