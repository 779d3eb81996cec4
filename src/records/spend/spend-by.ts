import { LedgerError } from '../../ledger/errors.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { slicesOf } from '../../ledger/statements/slices.ts';
import { copiedSpend, uncopiedSpend } from './copy/copied-spend.ts';
import { sourcesOf } from './portions.ts';
import { countRolledUpQueries, rolledUpDays, rolledUpSpend } from './rolled-up-spend.ts';
import { keysProblem, type SpendQuery, type SpendRow, zoneOfDays } from './spend-query.ts';
import { recordedSpend, unrecordedSpend } from './spend-sources.ts';
import { inOrder, mergeRows } from './sum-rows.ts';

/** How many times the books are read again because they were pruned meanwhile. */
const ATTEMPTS = 5;

/**
 * Settled spend, dated by when the query was admitted, as budgets charge it; most bytes first, or in order of keys if
 * `day` is one of them. A settlement whose decision was never recorded counts under null and for no team, dated by its
 * first settlement. Queries that did not run count nowhere, and neither do repeated requests that got the job of the
 * first.
 *
 * By table, a query counts in full for each table that it read, since BigQuery does not bill by table: a row says what
 * the queries that read the table came to. A query over several tables is in several rows; `shared…` says how much of
 * each row that is. A query that read no table counts under the key null.
 *
 * Pruned days count as they were rolled up: as whole days, under their date at that time, in the range that contains
 * the start of that date in the query's time zone. If that zone is the one they were rolled up in, pruning changes no
 * figure for a range of whole days.
 * @throws RangeError for an unknown zone, and for keys that do not go together; LedgerError
 */
export async function spendBy(db: LedgerReader, query: SpendQuery): Promise<readonly SpendRow[]> {
  const rows = await spendUpTo(db, query, null);
  if (rows === null) throw new Error('unreachable: too many rows without a limit');
  return rows;
}

/**
 * The same; null as soon as there are more rows than the limit, which would fill the memory of whoever asks.
 * @param maxRows null for no limit
 * @throws as `spendBy`
 */
export async function spendUpTo(
  db: LedgerReader,
  query: SpendQuery,
  maxRows: number | null,
): Promise<readonly SpendRow[] | null> {
  const problem = keysProblem(query.by);
  if (problem !== null) throw new RangeError(problem);
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const before = await countRolledUpQueries(db, query);
    const sums = await sumAll(db, query, maxRows ?? Number.POSITIVE_INFINITY);
    if (sums === null) return null;
    // Whatever is pruned meanwhile could be counted twice, or not at all.
    if ((await countRolledUpQueries(db, query)) === before) return inOrder(sums, query.by);
  }
  throw new LedgerError(
    'busy',
    'The time asked for is being pruned.',
    'Ask again once that is done, or for a later time.',
  );
}

/** Null as soon as there are more rows than that. */
async function sumAll(
  db: LedgerReader,
  query: SpendQuery,
  maxRows: number,
): Promise<readonly SpendRow[] | null> {
  const sums = new Map<string, SpendRow>();
  for await (const rows of partsOfSpend(db, query)) {
    mergeRows(sums, rows);
    if (sums.size > maxRows) return null;
  }
  return [...sums.values()];
}

/** Everything that adds up to the spend: from the copy as far as it goes, from the records, and from pruned days. */
async function* partsOfSpend(db: LedgerReader, query: SpendQuery): AsyncGenerator<readonly SpendRow[]> {
  const sources = await sourcesOf(db, query);
  yield* spendOfRecords(db, { ...query, ...sources.recorded });
  yield* copiedSpend(db, query, sources);
  yield* uncopiedSpend(db, query, sources);
  for (const day of await rolledUpDays(db, query)) yield await rolledUpSpend(db, query, day);
}

/** Spend as the decisions and settlements themselves say. */
async function* spendOfRecords(db: LedgerReader, query: SpendQuery): AsyncGenerator<readonly SpendRow[]> {
  const cutAt = zoneOfDays(query);
  for await (const slice of slicesOf(db, 'decisions', query, { timeZone: cutAt })) {
    yield await recordedSpend(db, query, slice);
  }
  if (query.team !== undefined) return;
  for await (const slice of slicesOf(db, 'settlements', query, { timeZone: cutAt })) {
    yield await unrecordedSpend(db, query, slice);
  }
}
