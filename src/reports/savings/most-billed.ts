import { type RawBuilder, type SqlBool, sql } from 'kysely';
import { chunks } from '../../foundation/lists/chunks.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { REFUSED } from '../../ledger/statements/slices.ts';
import type { RecordedPerson } from '../../records/refusals/refused-needs.ts';
import {
  type CopiedSlice,
  copiedSlices,
  copiesIn,
  IDS_AT_ONCE,
  type Portion,
  recordedPortions,
  runsIn,
  sourcesOf,
} from '../../records/spend/portions.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import type { BilledRun } from './saving.ts';

/** Somebody's runs of a query, within a time span. */
export interface RunsQuery {
  readonly fingerprint: string;
  readonly asker: RecordedPerson;
  /** After this instant, exclusive, at which the query was refused to them, or offered … */
  readonly fromMs: number;
  /** … and before this one. */
  readonly toMs: number;
  /** The currency of the cost. */
  readonly currency: string;
}

/**
 * The most that any single run was billed, for each question that has runs. A run that failed for nothing does not
 * count. All runs of a time are gone through once, however many are asked about.
 */
export async function mostBilled(
  db: LedgerReader,
  queries: readonly RunsQuery[],
): Promise<ReadonlyMap<RunsQuery, BilledRun>> {
  const highestOf = new Map<RunsQuery, BilledRun>();
  const asked = Map.groupBy(queries, ({ fingerprint, asker }) => keyOfCopy({ fingerprint, ...asker }));
  const mayBeAsked = (copy: Copy) =>
    asked.get(keyOfCopy(copy))?.some((query) => isWithin(copy, query)) === true;
  for await (const runs of runsInPlace(db, queries, mayBeAsked)) {
    for (const run of runs) {
      for (const query of asked.get(keyOfCopy(run)) ?? []) {
        if (isWithin(run, query) && keyOfAsker(run) === keyOfAsker(query.asker)) {
          highestOf.set(query, highest(highestOf.get(query), billed(run, query.currency)));
        }
      }
    }
  }
  return highestOf;
}

/** A query's copy, in which an empty text may stand for none. */
interface Copy extends RecordedPerson {
  readonly fingerprint: string;
  readonly atMs: number;
}

/** The same for a query's copy as for itself. */
function keyOfCopy({ fingerprint, tool, principal, person }: Omit<Copy, 'atMs'>): string {
  return JSON.stringify([fingerprint, tool ?? '', principal ?? '', person ?? '']);
}

function isWithin({ atMs }: Pick<Copy, 'atMs'>, { fromMs, toMs }: RunsQuery): boolean {
  return fromMs < atMs && atMs < toMs;
}

/** The same for the same person. */
export function keyOfAsker({ tool, principal, person }: RecordedPerson): string {
  return JSON.stringify([tool, principal, person]);
}

interface Run extends Copy {
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
  readonly currency: string;
}

/** Runs that may be in place of what was refused, among them all that are asked about. */
async function* runsInPlace(
  db: LedgerReader,
  queries: readonly RunsQuery[],
  mayBeAsked: (copy: Copy) => boolean,
): AsyncGenerator<readonly Run[], void> {
  const endMs = queries.reduce((last, { toMs }) => Math.max(last, toMs), 0);
  const firstMs = queries.reduce((first, { fromMs }) => Math.min(first, fromMs), endMs);
  const refusedTo = queries.reduce((last, { fromMs }) => Math.max(last, fromMs), 0) + 1;
  const refusals = { fromMs: firstMs, toMs: refusedTo };
  const sources = await sourcesOf(db, { fromMs: firstMs + 1, toMs: endMs });
  for await (const slice of copiedSlices(db, sources, null)) {
    const copies = (await copiesInPlace(db, slice, refusals)).filter(mayBeAsked).map(({ id }) => id);
    for (const ids of chunks(copies, IDS_AT_ONCE)) yield await runsWithin(db, { ...slice, ids }, null);
  }
  for await (const portion of recordedPortions(db, sources, null)) {
    // To look the refusals up again for each few queries would take longer than to read these.
    yield await runsWithin(db, portion, 'ids' in portion ? null : refusals);
  }
}

/** The copies of queries that were refused to the same person, or offered. */
async function copiesInPlace(
  db: LedgerReader,
  slice: CopiedSlice,
  refusals: TimeSpan,
): Promise<readonly (Copy & { readonly id: string })[]> {
  const rows = await copiesIn(db, slice)
    .where(isOneOf(sql`query_spend.fingerprint, query_spend.person`, refusals))
    .select(['decision_id as id', 'at_ms', 'fingerprint', 'tool', 'principal', 'person'])
    .execute();
  return rows.map(({ at_ms, ...copy }) => ({ ...copy, atMs: Number(at_ms) }));
}

/** @param inPlaceOf the refusals that they may be in place of; null for all runs of the portion */
async function runsWithin(
  db: LedgerReader,
  portion: Portion,
  inPlaceOf: TimeSpan | null,
): Promise<readonly Run[]> {
  const runs = runsIn(db, portion)
    .where('decisions.outcome', '=', 'admitted')
    .where((eb) =>
      eb.or([eb('settlements.error_reason', 'is', null), eb('settlements.bytes_billed', '>', 0n)]),
    )
    .select(['decisions.fingerprint', 'tool', 'principal', 'person', 'decisions.at_ms'])
    .select(['settlements.bytes_billed', 'settlements.cost_micros', 'settlements.currency']);
  const keys = sql`decisions.fingerprint, coalesce(decisions.person, '')`;
  const rows = await (inPlaceOf === null ? runs : runs.where(isOneOf(keys, inPlaceOf))).execute();
  return rows.map(({ at_ms, bytes_billed, cost_micros, ...run }) => ({
    ...run,
    atMs: Number(at_ms),
    bytesBilled: bytes_billed,
    costMicros: cost_micros,
  }));
}

/** Whether a query and a person are among those of refusals, or of the forms that these offered. */
function isOneOf(columns: RawBuilder<unknown>, { fromMs, toMs }: TimeSpan): RawBuilder<SqlBool> {
  const refused = sql`decisions as refused where refused.outcome = ${REFUSED}
    and refused.at_ms >= ${BigInt(fromMs)} and refused.at_ms < ${BigInt(toMs)}`;
  return sql`(${columns}) in (
    select refused.fingerprint, coalesce(refused.person, '') from ${refused}
    union
    select rewrites.fingerprint, coalesce(refused.person, '') from rewrites, ${refused}
    and rewrites.decision_id = refused.id)`;
}

function billed(run: Run, currency: string): BilledRun {
  return { bytesBilled: run.bytesBilled, costMicros: run.currency === currency ? run.costMicros : null };
}

/** The higher of both; without a cost if either has none. */
export function highest(a: BilledRun | undefined, b: BilledRun): BilledRun {
  if (a === undefined) return b;
  return {
    bytesBilled: most(a.bytesBilled, b.bytesBilled),
    costMicros: a.costMicros === null || b.costMicros === null ? null : most(a.costMicros, b.costMicros),
  };
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
