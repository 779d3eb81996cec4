import type { ExpressionBuilder } from 'kysely';
import type { LedgerSchema } from '../ledger/schema.ts';

/** Of a decision's settlements, the one with the highest version counts. */
export function isLatestVersion(eb: ExpressionBuilder<LedgerSchema, 'settlements'>) {
  const later = eb
    .selectFrom('settlements as later')
    .select('later.decision_id')
    .whereRef('later.decision_id', '=', 'settlements.decision_id')
    .whereRef('later.version', '>', 'settlements.version');
  return eb.not(eb.exists(later));
}

/** The one that dates a query without a decision. */
export function isFirstVersion(eb: ExpressionBuilder<LedgerSchema, 'settlements'>) {
  const earlier = eb
    .selectFrom('settlements as earlier')
    .select('earlier.decision_id')
    .whereRef('earlier.decision_id', '=', 'settlements.decision_id')
    .whereRef('earlier.version', '<', 'settlements.version');
  return eb.not(eb.exists(earlier));
}
