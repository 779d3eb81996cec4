import { type Expression, type RawBuilder, type SelectQueryBuilder, sql } from 'kysely';
import type { LedgerReader } from '../ledger/ledger.ts';
import type { LedgerSchema } from '../ledger/schema.ts';
import { firstDayFrom } from './calendar-days.ts';
import { ran } from './ran.ts';
import type { Slice } from './slices.ts';
import type { SpendKey, SpendQuery, SpendRow } from './spend-query.ts';
import { stands } from './stands.ts';

/** Rows to be summed up, whatever they are of. */
interface SpendPart {
  readonly key_0: string | null;
  readonly key_1: string | null;
  readonly key_2: string | null;
  readonly key_3: string | null;
  readonly currency: string;
  readonly queries: bigint;
  readonly bytes_billed: bigint;
  readonly free_bytes: bigint;
  readonly cost_micros: bigint;
  readonly slot_ms: bigint | null;
  readonly shared_queries: bigint;
  readonly shared_bytes_billed: bigint;
  readonly shared_cost_micros: bigint;
}

type Parts = SelectQueryBuilder<LedgerSchema, never, SpendPart>;

const ONE = sql<bigint>`1`;
const NONE = sql<bigint>`0`;
const NO_KEY = sql<string | null>`cast(null as text)`;

const SETTLED = [
  'settlements.currency',
  'settlements.bytes_billed',
  'settlements.free_bytes',
  'settlements.cost_micros',
  'settlements.slot_ms',
] as const;

const UNSHARED = [
  NONE.as('shared_queries'),
  NONE.as('shared_bytes_billed'),
  NONE.as('shared_cost_micros'),
] as const;

const RECORDED = {
  team: 'decisions.team',
  principal: 'decisions.principal',
  person: 'decisions.person',
  dashboard: 'decisions.dashboard',
  card: 'decisions.card',
  table: 'decision_tables.table_name',
  fingerprint: 'decisions.fingerprint',
  project: 'decisions.project_id',
  tool: 'decisions.tool',
} as const satisfies Readonly<Record<Exclude<SpendKey, 'day'>, string>>;

/** Spend of queries whose decisions are in the books. */
export function recordedSpend(
  db: LedgerReader,
  query: SpendQuery,
  slice: Slice,
): Promise<readonly SpendRow[]> {
  const keys = keysOf(query.by, (key) => (key === 'day' ? text(slice.day) : known(RECORDED[key])));
  const settled = settledIn(db, query, slice);
  if (!query.by.includes('table')) {
    return sumUp(db, settled.select(keys).select([...SETTLED, ONE.as('queries'), ...UNSHARED]), query.by);
  }
  const read = settled
    .leftJoin('decision_tables', 'decision_tables.decision_id', 'decisions.id')
    .select((eb) => [
      ...keys,
      ...SETTLED,
      eb
        .case()
        .when(
          eb.exists(
            eb
              .selectFrom('decision_tables as other')
              .select('other.decision_id')
              .whereRef('other.decision_id', '=', 'decisions.id')
              .whereRef('other.table_name', '<>', 'decision_tables.table_name'),
          ),
        )
        .then(ONE)
        .else(NONE)
        .end()
        .as('shared'),
    ]);
  const parts = db
    .selectFrom(read.as('read'))
    .select(['key_0', 'key_1', 'key_2', 'key_3'])
    .select(['currency', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'])
    .select((eb) => [
      ONE.as('queries'),
      eb.ref('shared').as('shared_queries'),
      eb('shared', '*', eb.ref('bytes_billed')).as('shared_bytes_billed'),
      eb('shared', '*', eb.ref('cost_micros')).as('shared_cost_micros'),
    ]);
  return sumUp(db, parts, query.by);
}

function settledIn(db: LedgerReader, { team }: SpendQuery, { fromMs, toMs }: Slice) {
  const settled = db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where('decisions.at_ms', '>=', fromMs)
    .where('decisions.at_ms', '<', toMs)
    .where(stands)
    .where(ran);
  return team === undefined ? settled : settled.where('decisions.team', '=', team);
}

/** Spend of settlements whose decisions were never recorded, by when they were first settled. */
export function unrecordedSpend(
  db: LedgerReader,
  { by }: SpendQuery,
  { fromMs, toMs, day }: Slice,
): Promise<readonly SpendRow[]> {
  const parts = db
    .selectFrom('settlements as first')
    .innerJoin('settlements', 'settlements.decision_id', 'first.decision_id')
    .leftJoin('decisions', 'decisions.id', 'first.decision_id')
    .where('decisions.id', 'is', null)
    .where('first.at_ms', '>=', fromMs)
    .where('first.at_ms', '<', toMs)
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('settlements as before')
            .select('before.decision_id')
            .whereRef('before.decision_id', '=', 'first.decision_id')
            .whereRef('before.version', '<', 'first.version'),
        ),
      ),
    )
    .where(stands)
    .where(ran)
    .select(keysOf(by, (key) => (key === 'day' ? text(day) : NO_KEY)))
    .select([...SETTLED, ONE.as('queries'), ...UNSHARED]);
  return sumUp(db, parts, by);
}

/** How many queries of the time asked for are rolled up: more once more of it is pruned. */
export async function rolledUpQueries(db: LedgerReader, query: SpendQuery): Promise<bigint> {
  const { first, end } = datesOf(query);
  const { queries } = await db
    .selectFrom('spend_by_day')
    .select((eb) => sumOf(eb.ref('queries')).as('queries'))
    .where('day', '>=', first)
    .where('day', '<', end)
    .executeTakeFirstOrThrow();
  return queries;
}

/** The dates of the time asked for that are rolled up. */
export async function rolledUpDays(db: LedgerReader, query: SpendQuery): Promise<readonly string[]> {
  const { first, end } = datesOf(query);
  const days = await db
    .selectFrom('spend_by_day')
    .select('day')
    .distinct()
    .where('day', '>=', first)
    .where('day', '<', end)
    .execute();
  return days.map(({ day }) => day);
}

function datesOf({ fromMs, toMs, timeZone = 'UTC' }: SpendQuery) {
  return { first: firstDayFrom(fromMs, timeZone), end: firstDayFrom(toMs, timeZone) };
}

/** Spend of a date that was rolled up. */
export function rolledUpSpend(
  db: LedgerReader,
  { by, team }: SpendQuery,
  day: string,
): Promise<readonly SpendRow[]> {
  if (by.includes('table')) {
    const spend = db
      .selectFrom('table_spend_by_day')
      .where('day', '=', day)
      .select(keysOf(by, (key) => known(key === 'table' ? 'table_name' : key)))
      .select(['currency', 'queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'])
      .select(['shared_queries', 'shared_bytes_billed', 'shared_cost_micros']);
    return sumUp(db, team === undefined ? spend : spend.where('team', '=', team), by);
  }
  const spend = db
    .selectFrom('spend_by_day')
    .where('day', '=', day)
    .select(keysOf(by, (key) => known(key === 'project' ? 'project_id' : key)))
    .select(['currency', 'queries', 'bytes_billed', 'free_bytes', 'cost_micros', 'slot_ms'])
    .select(UNSHARED);
  return sumUp(db, team === undefined ? spend : spend.where('team', '=', team), by);
}

function keysOf(by: readonly SpendKey[], column: (key: SpendKey) => Expression<unknown>) {
  const key = (i: number) => {
    const named = by[i];
    return named === undefined ? NO_KEY : sql<string | null>`${column(named)}`;
  };
  return [key(0).as('key_0'), key(1).as('key_1'), key(2).as('key_2'), key(3).as('key_3')] as const;
}

/** A text that is bound, where PostgreSQL could not tell its type by itself. */
function text(value: string | null): RawBuilder<string | null> {
  return sql`cast(${value} as text)`;
}

/** An empty text stands where there was none: in roll-ups, and for the fingerprint of what the guard never read. */
function known(column: string): RawBuilder<string | null> {
  return sql`nullif(${sql.ref(column)}, '')`;
}

async function sumUp(db: LedgerReader, parts: Parts, by: readonly SpendKey[]): Promise<readonly SpendRow[]> {
  const rows = await db
    .selectFrom(parts.as('spent'))
    .select((eb) => [
      'key_0',
      'key_1',
      'key_2',
      'key_3',
      'currency',
      sumOf(eb.ref('queries')).as('queries'),
      sumOf(eb.ref('bytes_billed')).as('bytes_billed'),
      sumOf(eb.ref('free_bytes')).as('free_bytes'),
      sumOf(eb.ref('cost_micros')).as('cost_micros'),
      sumOf(eb.ref('slot_ms')).as('slot_ms'),
      sumOf(eb.ref('shared_queries')).as('shared_queries'),
      sumOf(eb.ref('shared_bytes_billed')).as('shared_bytes_billed'),
      sumOf(eb.ref('shared_cost_micros')).as('shared_cost_micros'),
    ])
    .groupBy(['key_0', 'key_1', 'key_2', 'key_3', 'currency'])
    .execute();
  return rows.map((row) => ({
    keys: [row.key_0, row.key_1, row.key_2, row.key_3].slice(0, by.length),
    currency: row.currency,
    queries: Number(row.queries),
    bytesBilled: row.bytes_billed,
    freeBytes: row.free_bytes,
    costMicros: row.cost_micros,
    slotMs: row.slot_ms,
    sharedQueries: Number(row.shared_queries),
    sharedBytesBilled: row.shared_bytes_billed,
    sharedCostMicros: row.shared_cost_micros,
  }));
}

/** PostgreSQL sums 64-bit integers to a decimal; SQLite fails where the sum does not fit. What is not known counts nothing. */
function sumOf(amount: Expression<bigint | null>) {
  return sql<bigint>`cast(coalesce(sum(${amount}), 0) as bigint)`;
}
