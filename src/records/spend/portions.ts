import type { ExpressionBuilder } from 'kysely';
import { createDateOf } from '../../foundation/calendar/days.ts';
import { chunks } from '../../foundation/lists/chunks.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { LedgerSchema } from '../../ledger/schema.ts';
import { type Slice, slicesOf } from '../../ledger/statements/slices.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { hasRun } from '../did-run.ts';
import { isLatestVersion } from '../latest-version.ts';
import { prunedBeforeMs } from '../pruning/prune-journal.ts';
import { copiedUpTo, queriesOf } from './copy/copy-spend.ts';
import { spendOfEach } from './spend-of-queries.ts';

/** With more entries than this that are not copied, the copy is of little use: it is being made. */
const MOST_UNCOPIED = 2_000;

/** The copy's rows are small, and whoever sums up so many guards no queries meanwhile. */
const ROWS_AT_ONCE = 100_000;

/**
 * The same where each row is joined to records: for more, PostgreSQL would rather read a whole table than look them up,
 * and on a large ledger not end before its time limit.
 */
export const JOINED_ROWS_AT_ONCE = 5_000;

/** How many queries one statement asks about. */
export const IDS_AT_ONCE = 500;

/** Which queries of a time span count as the copy says, and which as their records say. */
export interface SpanSources {
  /** All queries in it count as their records say. */
  readonly recorded: TimeSpan;
  /** Those in it count as the copy says, without some; null if there is no copy, or it is of little use. */
  readonly copied: (TimeSpan & { readonly without: readonly string[] }) | null;
}

/** Divides a time span between the copy and the records. */
export async function sourcesOf(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<SpanSources> {
  const without = await uncopiedQueries(db);
  if (without === null) return { recorded: { fromMs, toMs }, copied: null };
  // In days that are being pruned, the copy may hold what is rolled up already.
  const copyFromMs = Number(await prunedBeforeMs(db));
  return {
    recorded: { fromMs, toMs: Math.min(toMs, copyFromMs) },
    copied: { fromMs: Math.max(fromMs, copyFromMs), toMs, without },
  };
}

/**
 * The queries about which something was entered that is not in the copy: they count as the records say, the others as
 * the copy says. Null if there is no copy, or there are too many.
 */
export async function uncopiedQueries(db: LedgerReader): Promise<readonly string[] | null> {
  const copied = await copiedUpTo(db);
  if (copied === 0n) return null;
  const entries = db.selectFrom('journal').select(['kind', 'id']);
  // In this order: an entry that is sealed meanwhile is found twice, and not missed.
  const unsealed = await entries
    .where('seal', 'is', null)
    .limit(MOST_UNCOPIED + 1)
    .execute();
  const sealed = await entries
    .where('seal', '>', copied)
    .limit(MOST_UNCOPIED + 1)
    .execute();
  return unsealed.length + sealed.length > MOST_UNCOPIED ? null : queriesOf([...unsealed, ...sealed]);
}

/** A slice of the copy, without some queries. */
export interface CopiedSlice extends Slice {
  readonly without: readonly string[];
}

/** The copied queries of a span, in slices; with a time zone, also cut at the start of each of its days. */
export async function* copiedSlices(
  db: LedgerReader,
  { copied }: SpanSources,
  timeZone: string | null,
  rowsAtOnce = ROWS_AT_ONCE,
): AsyncGenerator<CopiedSlice> {
  if (copied === null) return;
  for await (const slice of slicesOf(db, 'query_spend', copied, { timeZone, rowsAtOnce })) {
    yield { ...slice, without: copied.without };
  }
}

/** The copy of a slice's queries. */
export function copiesIn(db: LedgerReader, { fromMs, toMs, without }: CopiedSlice) {
  const all = db
    .selectFrom('query_spend')
    .where('query_spend.at_ms', '>=', fromMs)
    .where('query_spend.at_ms', '<', toMs);
  return without.length === 0 ? all : all.where('query_spend.decision_id', 'not in', without);
}

/** Queries to sum up by their records: those of a slice of time, or some that are known, all of one day if days are told apart. */
export type Portion = Slice | { readonly ids: readonly string[]; readonly day: string | null };

/** The queries of a span that are not copied; with a time zone, each of its days apart. */
export async function* recordedPortions(
  db: LedgerReader,
  sources: SpanSources,
  timeZone: string | null,
): AsyncGenerator<Portion> {
  yield* slicesOf(db, 'decisions', sources.recorded, { timeZone });
  yield* uncopiedPortions(db, sources, timeZone);
}

/** The queries that the copy of a span does not tell of. */
export async function* uncopiedPortions(db: LedgerReader, { copied }: SpanSources, timeZone: string | null) {
  if (copied === null) return;
  const dayOf = timeZone === null ? () => null : createDateOf(timeZone);
  for (const some of chunks(copied.without, IDS_AT_ONCE)) {
    const within = (await spendOfEach(db, some).execute()).filter(
      ({ at_ms }) => copied.fromMs <= at_ms && at_ms < copied.toMs,
    );
    const byDay = Map.groupBy(within, ({ at_ms }) => dayOf(Number(at_ms)));
    for (const [day, queries] of byDay) yield { ids: queries.map(({ decision_id }) => decision_id), day };
  }
}

/** The queries of a portion that ran, with what they came to. */
export function runsIn(db: LedgerReader, portion: Portion) {
  return db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where(isIn(portion))
    .where(isLatestVersion)
    .where(hasRun);
}

/** The condition that a decision belongs to a portion. */
function isIn(portion: Portion) {
  return (eb: ExpressionBuilder<LedgerSchema, 'decisions'>) =>
    'ids' in portion
      ? eb('decisions.id', 'in', portion.ids)
      : eb.and([eb('decisions.at_ms', '>=', portion.fromMs), eb('decisions.at_ms', '<', portion.toMs)]);
}
