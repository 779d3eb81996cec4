import { type RawBuilder, sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { hasRun } from '../did-run.ts';
import { isLatestVersion } from '../latest-version.ts';
import type { Portion } from './portions.ts';
import { emptyAsNull, groupAndSum, keyColumns, NO_KEY, NOTHING_SHARED, ONE, ZERO } from './spend-parts.ts';
import type { SpendKey, SpendQuery, SpendRow } from './spend-query.ts';

const AMOUNT_COLUMNS = [
  'settlements.currency',
  'settlements.bytes_billed',
  'settlements.free_bytes',
  'settlements.cost_micros',
  'settlements.slot_ms',
] as const;

const KEY_COLUMNS = {
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
  portion: Portion,
): Promise<readonly SpendRow[]> {
  if (query.by.includes('table')) return recordedSpendByTable(db, query, portion);
  const parts = settledIn(db, query, portion)
    .select(keysOf(query, portion))
    .select([...AMOUNT_COLUMNS, ONE.as('queries'), ...NOTHING_SHARED]);
  return groupAndSum(db, parts, query.by);
}

/** A query is in a row for each table that it read; its amounts are shared if there are several. */
function recordedSpendByTable(
  db: LedgerReader,
  query: SpendQuery,
  portion: Portion,
): Promise<readonly SpendRow[]> {
  const read = settledIn(db, query, portion)
    .leftJoin('decision_tables', 'decision_tables.decision_id', 'decisions.id')
    .select(keysOf(query, portion))
    .select((eb) => [
      ...AMOUNT_COLUMNS,
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
        .else(ZERO)
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
  return groupAndSum(db, parts, query.by);
}

function keysOf({ by }: SpendQuery, { day }: Portion) {
  return keyColumns(by, (key) => (key === 'day' ? text(day) : emptyAsNull(KEY_COLUMNS[key])));
}

function settledIn(db: LedgerReader, { team }: SpendQuery, portion: Portion) {
  const all = db
    .selectFrom('decisions')
    .innerJoin('settlements', 'settlements.decision_id', 'decisions.id')
    .where(isLatestVersion)
    .where(hasRun);
  const settled =
    'ids' in portion
      ? all.where('decisions.id', 'in', portion.ids)
      : all.where('decisions.at_ms', '>=', portion.fromMs).where('decisions.at_ms', '<', portion.toMs);
  return team === undefined ? settled : settled.where('decisions.team', '=', team);
}

/** Spend of settlements whose decisions were never recorded, dated by their first settlement. */
export function unrecordedSpend(
  db: LedgerReader,
  { by }: SpendQuery,
  portion: Portion,
): Promise<readonly SpendRow[]> {
  const all = db
    .selectFrom('settlements as first')
    .innerJoin('settlements', 'settlements.decision_id', 'first.decision_id')
    .leftJoin('decisions', 'decisions.id', 'first.decision_id')
    .where('decisions.id', 'is', null);
  const settled =
    'ids' in portion
      ? all.where('first.decision_id', 'in', portion.ids)
      : all.where('first.at_ms', '>=', portion.fromMs).where('first.at_ms', '<', portion.toMs);
  const parts = settled
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
    .where(isLatestVersion)
    .where(hasRun)
    .select(keyColumns(by, (key) => (key === 'day' ? text(portion.day) : NO_KEY)))
    .select([...AMOUNT_COLUMNS, ONE.as('queries'), ...NOTHING_SHARED]);
  return groupAndSum(db, parts, by);
}

/** A bound text whose type PostgreSQL could not infer. */
export function text(value: string | null): RawBuilder<string | null> {
  return sql`cast(${value} as text)`;
}
