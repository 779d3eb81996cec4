import { type Estimate, isUpperBound } from '../../vocabulary/estimate.ts';
import { type HiddenCalls, namesToOpen } from '../../vocabulary/hidden-calls.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { withFederatedRows } from './federated.ts';

/**
 * The estimate, which is a lower bound if its rows come from a database behind a view or a table function: a dry run says
 * that such a query processes nothing. Only if it says so is anything looked up.
 */
export async function withHiddenRows(
  estimate: Estimate,
  reading: SqlReading,
  lookBehind: (query: { readonly reading: SqlReading; readonly estimate: Estimate }) => Promise<HiddenCalls>,
): Promise<Estimate> {
  const saysNothing = estimate.bytesProcessed === 0n && estimate.resultCached !== true;
  if (!saysNothing || !isUpperBound(estimate)) return estimate;
  const { tables, routines } = namesToOpen(reading, estimate);
  if (tables.length + routines.length === 0) return estimate;
  return withFederatedRows(estimate, await lookBehind({ reading, estimate }));
}
