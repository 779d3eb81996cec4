import { type Estimate, isUpperBound } from '../../vocabulary/estimate.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';

/**
 * The estimate of a query, which is a lower bound if neither the warehouse nor a parser says that it is a single statement:
 * that of a script leaves out what its dry run cannot reach.
 */
export function withUnnamedStatement(
  estimate: Estimate,
  { statement }: Pick<SqlReading, 'statement'>,
): Estimate {
  const isSingle = statement !== 'SCRIPT' && statement !== 'UNKNOWN';
  if (estimate.statementType !== 'UNKNOWN' || isSingle || !isUpperBound(estimate)) return estimate;
  return { ...estimate, accuracy: 'LOWER_BOUND' };
}
