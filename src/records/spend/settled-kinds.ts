import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Bytes } from '../../vocabulary/bytes.ts';
import type { Outcome, SettlementSource } from '../../vocabulary/decision.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { TimeSpan } from '../../vocabulary/time-span.ts';
import { hasRun } from '../has-run.ts';
import { type Slice, slicesOf } from '../slices.ts';
import { isLatestVersion } from '../which-version.ts';
import { ONE, sumOf, ZERO } from './spend-parts.ts';

const UNGUARDED: Outcome = 'unguarded';
const ASSUMED: SettlementSource = 'assumed';

/** Queries of one kind, in one currency. */
export interface SettledKind {
  /**
   * Answered from BigQuery's cache, found by reconciliation to have bypassed guardrail, or only assumed. A query may be of
   * several kinds.
   */
  readonly kind: 'cached' | 'unguarded' | 'assumed';
  readonly currency: string;
  readonly queries: number;
  readonly bytesBilled: Bytes;
  readonly costMicros: Micros;
}

const KINDS = ['cached', 'unguarded', 'assumed'] as const;

/** Spend of the kinds that are shown apart, by when the queries were admitted. */
export async function settledKinds(db: LedgerReader, span: TimeSpan): Promise<readonly SettledKind[]> {
  const sums = new Map<string, SettledKind>();
  for await (const slice of slicesOf(db, 'decisions', span, null)) {
    for (const row of await sumsOf(db, slice)) {
      for (const kind of KINDS.filter((kind) => row[kind] === 1n)) {
        const key = `${kind} ${row.currency}`;
        sums.set(key, added(row, kind, sums.get(key)));
      }
    }
  }
  return [...sums.values()].toSorted((a, b) => KINDS.indexOf(a.kind) - KINDS.indexOf(b.kind));
}

type Sums = Awaited<ReturnType<typeof sumsOf>>[number];

function added(row: Sums, kind: SettledKind['kind'], sum: SettledKind | undefined): SettledKind {
  return {
    kind,
    currency: row.currency,
    queries: Number(row.queries) + (sum?.queries ?? 0),
    bytesBilled: row.bytes_billed + (sum?.bytesBilled ?? 0n),
    costMicros: row.cost_micros + (sum?.costMicros ?? 0n),
  };
}

/** Of each combination of kinds, in one pass: each reads all decisions and settlements of the slice. */
function sumsOf(db: LedgerReader, { fromMs, toMs }: Slice) {
  const settled = db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', fromMs)
    .where('decisions.at_ms', '<', toMs)
    .where(isLatestVersion)
    .where(hasRun)
    .where((eb) =>
      eb.or([
        eb('settlements.cache_hit', '=', 1n),
        eb('decisions.outcome', '=', UNGUARDED),
        eb('settlements.source', '=', ASSUMED),
      ]),
    )
    .select((eb) => [
      'settlements.currency',
      'settlements.bytes_billed',
      'settlements.cost_micros',
      'settlements.cache_hit as cached',
      eb.case().when('decisions.outcome', '=', UNGUARDED).then(ONE).else(ZERO).end().as('unguarded'),
      eb.case().when('settlements.source', '=', ASSUMED).then(ONE).else(ZERO).end().as('assumed'),
    ]);
  return db
    .selectFrom(settled.as('settled'))
    .groupBy(['currency', 'cached', 'unguarded', 'assumed'])
    .select(['currency', 'cached', 'unguarded', 'assumed'])
    .select((eb) => [
      eb.fn.countAll<bigint>().as('queries'),
      sumOf(eb.ref('bytes_billed')).as('bytes_billed'),
      sumOf(eb.ref('cost_micros')).as('cost_micros'),
    ])
    .execute();
}

/** How many queries of a span were admitted and are not settled yet: they are in no sum of spend. */
export async function countOpenQueries(db: LedgerReader, span: TimeSpan): Promise<number> {
  let open = 0;
  for await (const { fromMs, toMs } of slicesOf(db, 'decisions', span, null)) {
    const { queries } = await db
      .selectFrom('decisions')
      .leftJoin('settlements', 'settlements.decision_id', 'decisions.id')
      .where('settlements.decision_id', 'is', null)
      .where('decisions.outcome', '=', 'admitted')
      .where('decisions.at_ms', '>=', fromMs)
      .where('decisions.at_ms', '<', toMs)
      .select((eb) => eb.fn.countAll<bigint>().as('queries'))
      .executeTakeFirstOrThrow();
    open += Number(queries);
  }
  return open;
}
