import type { LedgerReader } from '../../ledger/ledger.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { settlementFrom } from '../rows.ts';
import type { DecisionRecord } from './decision-record.ts';

/** Decisions with their settlements, in the given order. */
export async function withSettlements(
  db: LedgerReader,
  decisions: readonly Decision[],
): Promise<readonly DecisionRecord[]> {
  if (decisions.length === 0) return [];
  const ids = decisions.map(({ id }) => id);
  const rows = await db
    .selectFrom('settlements')
    .selectAll()
    .where('decision_id', 'in', ids)
    .orderBy('version')
    .execute();
  // Of a decision's settlements, the last version stands.
  const byDecision = new Map(rows.map((row) => [row.decision_id, settlementFrom(row)]));
  return decisions.map((decision) => ({ ...decision, settlement: byDecision.get(decision.id) ?? null }));
}
