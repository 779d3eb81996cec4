import { sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import { hasRun } from '../did-run.ts';
import { isLatestVersion } from '../latest-version.ts';

/** The columns of `query_spend`, in the order in which `spendOfEach` selects them. */
export const QUERY_SPEND_COLUMNS = [
  'at_ms',
  'decision_id',
  'project_id',
  'team',
  'principal',
  'tool',
  'person',
  'dashboard',
  'card',
  'fingerprint',
  'tables_read',
  'currency',
  'bytes_billed',
  'free_bytes',
  'cost_micros',
  'slot_ms',
] as const;

/** What each of some queries came to, as its records say; nothing for one that did not run. */
export function spendOfEach(db: LedgerReader, ids: readonly string[]) {
  return db
    .selectFrom('settlements')
    .leftJoin('decisions', 'decisions.id', 'settlements.decision_id')
    .where('settlements.decision_id', 'in', ids)
    .where(isLatestVersion)
    .where(hasRun)
    .select((eb) => [
      sql<bigint>`coalesce(${eb.ref('decisions.at_ms')}, ${firstSettledAt()})`.as('at_ms'),
      'settlements.decision_id',
      textOrEmpty('decisions.project_id').as('project_id'),
      textOrEmpty('decisions.team').as('team'),
      textOrEmpty('decisions.principal').as('principal'),
      textOrEmpty('decisions.tool').as('tool'),
      textOrEmpty('decisions.person').as('person'),
      textOrEmpty('decisions.dashboard').as('dashboard'),
      textOrEmpty('decisions.card').as('card'),
      textOrEmpty('decisions.fingerprint').as('fingerprint'),
      tablesRead().as('tables_read'),
      'settlements.currency',
      'settlements.bytes_billed',
      'settlements.free_bytes',
      'settlements.cost_micros',
      sql<bigint>`coalesce(${eb.ref('settlements.slot_ms')}, 0)`.as('slot_ms'),
    ]);
}

function tablesRead() {
  return sql<bigint>`(select count(*) from decision_tables where decision_id = settlements.decision_id)`;
}

function firstSettledAt() {
  return sql<bigint>`(select "first".at_ms from settlements as "first"
    where "first".decision_id = settlements.decision_id order by "first".version limit 1)`;
}

function textOrEmpty(column: string) {
  return sql<string>`coalesce(${sql.ref(column)}, '')`;
}
