import { sql } from 'kysely';
import { compare } from '../../foundation/lists/compare.ts';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { ReservationState } from '../../ledger/schema.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Outcome, SettlementSource } from '../../vocabulary/decision.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { isLatestVersion } from '../latest-version.ts';
import {
  type CopiedSlice,
  copiedSlices,
  copiesIn,
  JOINED_ROWS_AT_ONCE,
  type Portion,
  recordedPortions,
  runsIn,
  sourcesOf,
} from './portions.ts';
import { ONE, sumOf, ZERO } from './spend-parts.ts';

const UNGUARDED: Outcome = 'unguarded';
const ASSUMED: SettlementSource = 'assumed';

/** A literal, not a bound parameter, so that SQLite sees that the index of open reservations covers the query. */
const OPEN = sql.lit<ReservationState>('open');

/** Queries of one kind and day, in one currency. */
export interface SettledKind {
  /**
   * Answered from BigQuery's cache, found by reconciliation to have bypassed guardrail, or only assumed. A query may be of
   * several kinds.
   */
  readonly kind: 'cached' | 'unguarded' | 'assumed';
  /** By its date in the time zone asked for. */
  readonly day: string;
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

const KINDS = ['cached', 'unguarded', 'assumed'] as const;

/** Spend of the kinds that are shown apart, by the day on which the queries were admitted. */
export async function settledKinds(
  db: LedgerReader,
  span: TimeSpan,
  timeZone: string,
): Promise<readonly SettledKind[]> {
  const sums = new Map<string, SettledKind>();
  for await (const { day, rows } of sumsWithin(db, span, timeZone)) {
    for (const row of rows) {
      for (const kind of KINDS.filter((kind) => row[kind] === 1n)) {
        const key = `${kind} ${day} ${row.currency}`;
        sums.set(key, added({ ...row, day }, kind, sums.get(key)));
      }
    }
  }
  return [...sums.values()].toSorted(
    (a, b) =>
      KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind) ||
      compare(a.day, b.day) ||
      compare(a.currency, b.currency),
  );
}

/** Of each combination of kinds, in one pass. */
async function* sumsWithin(db: LedgerReader, span: TimeSpan, timeZone: string) {
  const sources = await sourcesOf(db, span);
  for await (const slice of copiedSlices(db, sources, timeZone, JOINED_ROWS_AT_ONCE)) {
    yield { day: slice.day ?? '', rows: await sumsOf(db, copiedIn(db, slice)) };
  }
  for await (const portion of recordedPortions(db, sources, timeZone)) {
    yield { day: portion.day ?? '', rows: await sumsOf(db, settledIn(db, portion)) };
  }
}

type Sums = Awaited<ReturnType<typeof sumsOf>>[number] & Pick<SettledKind, 'day'>;

function added(row: Sums, kind: SettledKind['kind'], sum: SettledKind | undefined): SettledKind {
  return {
    kind,
    day: row.day,
    currency: row.currency,
    queries: Number(row.queries) + (sum?.queries ?? 0),
    bytesBilled: row.bytes_billed + (sum?.bytesBilled ?? 0n),
    costMicros: row.cost_micros + (sum?.costMicros ?? 0n),
  };
}

/** The copy does not say of which kind a query is, but spares most of what its decision takes. */
function copiedIn(db: LedgerReader, slice: CopiedSlice) {
  const outcome = sql<Outcome>`(select outcome from decisions where id = query_spend.decision_id)`;
  return (
    copiesIn(db, slice)
      .innerJoin('settlements', 'settlements.decision_id', 'query_spend.decision_id')
      // Empty for what was never recorded.
      .where('query_spend.team', '<>', '')
      .where(isLatestVersion)
      .select(['query_spend.currency', 'query_spend.bytes_billed', 'query_spend.cost_micros'])
      .select((eb) => [
        'settlements.cache_hit as cached',
        // What guardrail never read has no fingerprint; the decisions of all others need not be looked up.
        eb
          .case()
          .when(eb.and([eb('query_spend.fingerprint', '=', ''), eb(outcome, '=', UNGUARDED)]))
          .then(ONE)
          .else(ZERO)
          .end()
          .as('unguarded'),
        eb.case().when('settlements.source', '=', ASSUMED).then(ONE).else(ZERO).end().as('assumed'),
      ])
  );
}

function settledIn(db: LedgerReader, portion: Portion) {
  return runsIn(db, portion)
    .select(['settlements.currency', 'settlements.bytes_billed', 'settlements.cost_micros'])
    .select((eb) => [
      'settlements.cache_hit as cached',
      eb.case().when('decisions.outcome', '=', UNGUARDED).then(ONE).else(ZERO).end().as('unguarded'),
      eb.case().when('settlements.source', '=', ASSUMED).then(ONE).else(ZERO).end().as('assumed'),
    ]);
}

function sumsOf(db: LedgerReader, settled: ReturnType<typeof copiedIn> | ReturnType<typeof settledIn>) {
  return db
    .selectFrom(settled.as('settled'))
    .where((eb) => eb.or([eb('cached', '=', 1n), eb('unguarded', '=', 1n), eb('assumed', '=', 1n)]))
    .groupBy(['currency', 'cached', 'unguarded', 'assumed'])
    .select(['currency', 'cached', 'unguarded', 'assumed'])
    .select((eb) => [
      eb.fn.countAll<bigint>().as('queries'),
      sumOf(eb.ref('bytes_billed')).as('bytes_billed'),
      sumOf(eb.ref('cost_micros')).as('cost_micros'),
    ])
    .execute();
}

/**
 * How many queries of a span were admitted and are not settled yet: they are in no sum of spend. Each holds a reservation
 * until it is settled. Those of any time are read: asked for a span, SQLite would look through all decisions of it.
 */
export async function countOpenQueries(db: LedgerReader, { fromMs, toMs }: TimeSpan): Promise<number> {
  const open = await db
    .selectFrom('reservations')
    .innerJoin('decisions', 'decisions.id', 'reservations.decision_id')
    .leftJoin('settlements', 'settlements.decision_id', 'reservations.decision_id')
    .where('reservations.state', '=', OPEN)
    .where('settlements.decision_id', 'is', null)
    .where('decisions.outcome', '=', 'admitted')
    .select('decisions.at_ms')
    .execute();
  return open.filter(({ at_ms }) => fromMs <= at_ms && at_ms < toMs).length;
}
