import type { ExpressionBuilder } from 'kysely';
import type { LedgerSchema } from '../ledger/schema.ts';

type Settlements = ExpressionBuilder<LedgerSchema, 'settlements'>;

/** Of a decision's settlements, the one with the highest version counts. */
export function isLatestVersion(eb: Settlements) {
  return hasNoOther(eb, '>');
}

/** The one that dates a query without a decision. */
export function isFirstVersion(eb: Settlements) {
  return hasNoOther(eb, '<');
}

/** Whether none of the same decision has a version above, or below, its own. */
function hasNoOther(eb: Settlements, beyond: '>' | '<') {
  const other = eb
    .selectFrom('settlements as other')
    .select('other.decision_id')
    .whereRef('other.decision_id', '=', 'settlements.decision_id')
    .whereRef('other.version', beyond, 'settlements.version');
  return eb.not(eb.exists(other));
}
