import type {
  BudgetWindowsTable,
  ReplicasTable,
  ReservationPartsTable,
  ReservationsTable,
} from './schema/budgets.ts';
import type {
  GrantAnswersTable,
  GrantRequestsTable,
  GrantRevocationsTable,
  GrantsTable,
} from './schema/grants.ts';
import type { JournalTable, PruningsTable, ReconciliationsTable, SealsTable } from './schema/journal.ts';
import type { LineageCursorsTable } from './schema/lineage.ts';
import type { NoticeDeliveriesTable, NoticesTable } from './schema/notices.ts';
import type {
  DecisionsTable,
  DecisionTablesTable,
  RewritesTable,
  SettlementsTable,
  SpendByDayTable,
  TableSpendByDayTable,
} from './schema/records.ts';
import type { QuerySpendCursorsTable, QuerySpendTable } from './schema/spend.ts';
import type { TurnsTable } from './schema/turns.ts';

export type { ReservationState } from './schema/budgets.ts';

/**
 * The ledger's tables. Amounts are 64-bit integers: bytes, micros of a currency, slot-milliseconds, queries; instants
 * are milliseconds since the epoch; booleans are 0 or 1. The types are what Kysely returns; every driver is configured
 * to return integers as bigint.
 */
export interface LedgerSchema {
  readonly budget_windows: BudgetWindowsTable;
  readonly reservations: ReservationsTable;
  readonly reservation_parts: ReservationPartsTable;
  readonly decisions: DecisionsTable;
  readonly decision_tables: DecisionTablesTable;
  readonly settlements: SettlementsTable;
  readonly grants: GrantsTable;
  readonly grant_revocations: GrantRevocationsTable;
  readonly grant_requests: GrantRequestsTable;
  readonly grant_answers: GrantAnswersTable;
  readonly notices: NoticesTable;
  readonly notice_deliveries: NoticeDeliveriesTable;
  readonly replicas: ReplicasTable;
  readonly journal: JournalTable;
  readonly seals: SealsTable;
  readonly prunings: PruningsTable;
  readonly reconciliations: ReconciliationsTable;
  readonly spend_by_day: SpendByDayTable;
  readonly table_spend_by_day: TableSpendByDayTable;
  readonly query_spend: QuerySpendTable;
  readonly query_spend_cursors: QuerySpendCursorsTable;
  readonly rewrites: RewritesTable;
  readonly lineage_cursors: LineageCursorsTable;
  readonly turns: TurnsTable;
}
