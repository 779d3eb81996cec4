import { setImmediate } from 'node:timers/promises';
import type { ExpressionBuilder } from 'kysely';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { ran } from '../records/ran.ts';
import type { Asker } from '../records/refused-needs.ts';
import { stands } from '../records/stands.ts';
import type { Ran } from './saving.ts';

/** What one statement reads at most, as far as instants differ: SQLite answers on the thread that guards queries. */
const ROWS = 5_000;

/** Somebody's runs of a query, within a time. */
export interface RunsAsked {
  readonly fingerprint: string;
  readonly asker: Asker;
  /** After this instant … */
  readonly fromMs: number;
  /** … and before this one. */
  readonly toMs: number;
  /** In which the cost is told. */
  readonly currency: string;
}

/** The most that any one of the runs was billed; null where there are none. A run that failed for nothing is none. */
export async function mostBilled(db: LedgerReader, asked: RunsAsked): Promise<Ran | null> {
  let most: Ran | null = null;
  const end = BigInt(asked.toMs);
  for (let from = BigInt(asked.fromMs) + 1n; from < end; ) {
    await setImmediate();
    const cut = (await instantAfter(db, asked.fingerprint, { from, end })) ?? end;
    // Rows of one millisecond are not cut apart.
    const to = cut > from ? cut : from + 1n;
    for (const row of await billedWithin(db, asked, { from, to })) most = together(most, row);
    from = to;
  }
  return most;
}

/** When the query was asked so many times since an instant, by whomever; the index alone tells. */
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

async function billedWithin(
  db: LedgerReader,
  { fingerprint, asker, currency }: RunsAsked,
  { from, to }: { readonly from: bigint; readonly to: bigint },
): Promise<readonly Ran[]> {
  const rows = await db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.fingerprint', '=', fingerprint)
    .where('decisions.at_ms', '>=', from)
    .where('decisions.at_ms', '<', to)
    .where('decisions.outcome', '=', 'admitted')
    .where((eb) => isOf(eb, asker))
    .where(stands)
    .where(ran)
    .where((eb) =>
      eb.or([eb('settlements.error_reason', 'is', null), eb('settlements.bytes_billed', '>', 0n)]),
    )
    .groupBy('settlements.currency')
    .select((eb) => [
      'settlements.currency',
      eb.fn.max('settlements.bytes_billed').as('bytes_billed'),
      eb.fn.max('settlements.cost_micros').as('cost_micros'),
    ])
    .execute();
  return rows.map((row) => ({
    bytesBilled: row.bytes_billed,
    costMicros: row.currency === currency ? row.cost_micros : null,
  }));
}

function isOf(eb: ExpressionBuilder<LedgerSchema, 'decisions'>, { tool, principal, person }: Asker) {
  const is = (column: 'tool' | 'principal' | 'person', value: string | null) =>
    value === null ? eb(`decisions.${column}`, 'is', null) : eb(`decisions.${column}`, '=', value);
  return eb.and([is('tool', tool), is('principal', principal), is('person', person)]);
}

/** The most of both; without a cost where either has none. */
export function together(a: Ran | null, b: Ran | null): Ran | null {
  if (a === null || b === null) return a ?? b;
  return {
    bytesBilled: most(a.bytesBilled, b.bytesBilled),
    costMicros: a.costMicros === null || b.costMicros === null ? null : most(a.costMicros, b.costMicros),
  };
}

function most(a: bigint, b: bigint): bigint {
  return a > b ? a : b;
}
