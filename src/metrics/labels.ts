import type { RuleHit } from '../vocabulary/policy.ts';

/**
 * BigQuery's statement types with a label value of their own; anything else is `OTHER`, so that there are few values.
 */
const STATEMENT_TYPES = new Set([
  'SELECT',
  'INSERT',
  'UPDATE',
  'DELETE',
  'MERGE',
  'CREATE_TABLE',
  'CREATE_TABLE_AS_SELECT',
  'CREATE_VIEW',
  'DROP_TABLE',
  'SCRIPT',
  'EXPORT_DATA',
  'LOAD',
  'COPY',
  'EXTRACT',
  'UNKNOWN',
]);

/** The value of a `statement_type` label. */
export function statementTypeLabel(statementType: string): string {
  return STATEMENT_TYPES.has(statementType) ? statementType : 'OTHER';
}

/** The value of a `mode` label: what the rule did, or `exempt` if somebody had exempted the query. */
export function ruleModeLabel({ mode, eased }: Pick<RuleHit, 'mode' | 'eased'>): string {
  return eased?.by === 'exemption' ? 'exempt' : mode;
}
