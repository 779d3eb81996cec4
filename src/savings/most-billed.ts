import { setImmediate } from 'node:timers/promises';
import type { LedgerReader } from '../ledger/ledger.ts';
import { hasRun } from '../records/has-run.ts';
import type { RecordedPerson } from '../records/refused-needs.ts';
import { isLatestVersion } from '../records/which-version.ts';
import type { BilledRun } from './saving.ts';

/**
 * The most rows that one statement reads, as far as instants differ: SQLite answers on the thread that guards queries.
 */
const ROWS = 500;

/** The most persons that a statement names; with more of them, everybody's runs are read. */
const MAX_PERSONS = 500;

/** Somebody's runs of a query, within a time span. */
export interface RunsQuery {
  readonly fingerprint: string;
  readonly asker: RecordedPerson;
  /** After this instant, exclusive … */
  readonly fromMs: number;
  /** … and before this one. */
  readonly toMs: number;
  /** The currency of the cost. */
  readonly currency: string;
}

/**
 * The most that any single run was billed, for each question that has runs. A run that failed for nothing does not
 * count. The runs of a query are read once, whoever's are asked for.
 */
export async function mostBilled(
  db: LedgerReader,
  queries: readonly RunsQuery[],
): Promise<ReadonlyMap<RunsQuery, BilledRun>> {
  const highestOf = new Map<RunsQuery, BilledRun>();
  for (const [fingerprint, alike] of Map.groupBy(queries, (query) => query.fingerprint)) {
    const byAsker = Map.groupBy(alike, ({ asker }) => keyOfAsker(asker));
    for await (const run of runsOf(db, fingerprint, alike)) {
      const queriesOf = byAsker.get(keyOfAsker(run)) ?? [];
      for (const query of queriesOf.filter((query) => isWithin(run, query))) {
        highestOf.set(query, highest(highestOf.get(query), billed(run, query.currency)));
      }
    }
  }
  return highestOf;
}

function isWithin({ atMs }: Run, { fromMs, toMs }: RunsQuery): boolean {
  return fromMs < atMs && atMs < toMs;
}

/** The same for the same person. */
export function keyOfAsker({ tool, principal, person }: RecordedPerson): string {
  return JSON.stringify([tool, principal, person]);
}

interface Run extends RecordedPerson {
  readonly atMs: number;
  readonly bytesBilled: bigint;
  readonly costMicros: bigint;
  readonly currency: string;
}

/** The runs of a query, by at least these persons, while any of the questions lasts. */
async function* runsOf(
  db: LedgerReader,
  fingerprint: string,
  queries: readonly RunsQuery[],
): AsyncGenerator<Run, void> {
  const end = BigInt(queries.reduce((last, { toMs }) => Math.max(last, toMs), 0));
  const first = BigInt(queries.reduce((least, { fromMs }) => Math.min(least, fromMs), Number(end)));
  const persons = [...new Set(queries.map(({ asker }) => asker.person))];
  for (let from = first + 1n; from < end; ) {
    await setImmediate();
    const cut = (await instantAfter(db, fingerprint, { from, end })) ?? end;
    // Rows of the same millisecond are not separated.
    const to = cut > from ? cut : from + 1n;
    yield* await runsWithin(db, fingerprint, { from, to, persons });
    from = to;
  }
}

/** When the query had been asked this many times since an instant, by anybody; the index alone tells. */
async function instantAfter(
  db: LedgerReader,
  fingerprint: string,
  { from, end }: { readonly from: bigint; readonly end: bigint },
): Promise<bigint | null> {
  const row = await db
    .selectFrom('decisions')
    .select('at_ms')
    .where('fingerprint', '=', fingerprint)
    .where('at_ms', '>=', from)
    .where('at_ms', '<', end)
    .orderBy('at_ms')
    .limit(1)
    .offset(ROWS)
    .executeTakeFirst();
  return row?.at_ms ?? null;
}

async function runsWithin(
  db: LedgerReader,
  fingerprint: string,
  {
    from,
    to,
    persons,
  }: { readonly from: bigint; readonly to: bigint; readonly persons: readonly (string | null)[] },
): Promise<readonly Run[]> {
  const named = persons.filter((person) => person !== null);
  const all = db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.fingerprint', '=', fingerprint)
    .where('decisions.at_ms', '>=', from)
    .where('decisions.at_ms', '<', to)
    .where('decisions.outcome', '=', 'admitted')
    .where(isLatestVersion)
    .where(hasRun)
    .where((eb) =>
      eb.or([eb('settlements.error_reason', 'is', null), eb('settlements.bytes_billed', '>', 0n)]),
    );
  const ofPersons = all.where((eb) =>
    // An empty list is not valid SQL.
    eb.or([...(named.length === 0 ? [] : [eb('person', 'in', named)]), eb('person', 'is', null)]),
  );
  const rows = await (named.length > MAX_PERSONS ? all : ofPersons)
    .select(['tool', 'principal', 'person', 'decisions.at_ms'])
    .select(['settlements.bytes_billed', 'settlements.cost_micros', 'settlements.currency'])
    .execute();
  return rows.map(({ at_ms, bytes_billed, cost_micros, ...run }) => ({
    ...run,
    atMs: Number(at_ms),
    bytesBilled: bytes_billed,
    costMicros: cost_micros,
  }));
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
