import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Outcome } from '../../vocabulary/decision.ts';
import { decisionFrom } from '../rows.ts';
import type { DecisionRecord } from './decision-record.ts';
import { withSettlements } from './with-settlements.ts';

/** Which decisions to find. Members that are left out match anything. */
export interface DecisionFilter {
  /** At most this many. */
  readonly limit: number;
  readonly team?: string;
  readonly outcome?: Outcome;
  /** A rule whose condition held, whatever it did. */
  readonly rule?: string;
  readonly principal?: string;
  readonly tool?: string;
  readonly person?: string;
  readonly dashboard?: string;
  readonly card?: string;
  readonly fingerprint?: string;
  /** `project.dataset.table`: a table that is read, or what the SQL names, such as a view; may end with `*`. */
  readonly table?: string;
  readonly fromMs?: number;
  /** Exclusive. */
  readonly toMs?: number;
  /** Only decisions that come after this one in the order: the last of the previous page. */
  readonly after?: DecisionPosition;
}

/** A decision's position among all of them: IDs settle the order within a millisecond. */
export interface DecisionPosition {
  readonly atMs: number;
  readonly id: string;
}

const COLUMNS = [
  'team',
  'outcome',
  'principal',
  'tool',
  'person',
  'dashboard',
  'card',
  'fingerprint',
] as const;

/** Matching decisions, newest first. A filter without an index reads the whole time span. @throws LedgerError */
export async function findDecisions(
  db: LedgerReader,
  filter: DecisionFilter,
): Promise<readonly DecisionRecord[]> {
  const { limit, rule, table, fromMs, toMs, after } = filter;
  let query = db
    .selectFrom('decisions')
    .selectAll()
    .orderBy('at_ms', 'desc')
    .orderBy('id', 'desc')
    .limit(limit);
  for (const column of COLUMNS) {
    const value = filter[column];
    if (value !== undefined) query = query.where(column, '=', value);
  }
  if (fromMs !== undefined) query = query.where('at_ms', '>=', BigInt(fromMs));
  if (toMs !== undefined) query = query.where('at_ms', '<', BigInt(toMs));
  if (rule !== undefined) query = query.where(hasHit(rule));
  if (table !== undefined) {
    query = query.where((eb) =>
      eb.or([
        eb.exists(
          eb
            .selectFrom('decision_tables')
            .select('decision_tables.decision_id')
            .whereRef('decision_tables.decision_id', '=', 'decisions.id')
            .where(isNamed(table)),
        ),
        ...namesInSql(table),
      ]),
    );
  }
  if (after !== undefined) {
    const atMs = BigInt(after.atMs);
    query = query
      .where('at_ms', '<=', atMs)
      .where((eb) => eb.or([eb('at_ms', '<', atMs), eb('id', '<', after.id)]));
  }
  return withSettlements(db, (await query.execute()).map(decisionFrom));
}

/**
 * Also by the wildcards that may read the table, which is all that a dry run says of them. LIKE would ignore case on SQLite,
 * and take `_` for any letter.
 */
function isNamed(table: string): RawBuilder<SqlBool> {
  const name = sql.ref('decision_tables.table_name');
  const isWildcardOver = sql`substr(cast(${table} as text), 1, length(${name}) - 1) || '*' = ${name}`;
  const beginning = table.slice(0, -1);
  const isMeant = table.endsWith('*')
    ? sql`substr(${name}, 1, ${sql.lit([...beginning].length)}) = ${beginning}`
    : sql`${name} = ${table}`;
  return sql`(${isMeant} or ${isWildcardOver})`;
}

/**
 * The warehouse resolves views away, so only the SQL names them; the same goes for a query that could not be priced. The
 * details hold these names as JSON, always in this order.
 */
function namesInSql(table: string): readonly RawBuilder<SqlBool>[] {
  const [, projectId, datasetId, tableId] = /^(.+)\.([^.]+)\.([^.]+)$/.exec(table) ?? [];
  if (tableId === undefined) return [];
  const name = JSON.stringify({ projectId, datasetId, tableId });
  const written = `"table":${tableId.endsWith('*') ? name.slice(0, -'*"}'.length) : name}`;
  const details = sql.ref('decisions.details');
  return [sql`replace(${details}, ${written}, '') <> ${details}`];
}

/** Rules have no column: their names are in the details, spelt as JSON. */
function hasHit(rule: string) {
  const escaped = JSON.stringify(rule).replace(/[\\%_]/g, (letter) => `\\${letter}`);
  return sql<boolean>`${sql.ref('details')} like ${`%"rule":${escaped}%`} escape ${sql.lit('\\')}`;
}
