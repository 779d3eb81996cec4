import { withFederatedRows } from '../../estimate/federated.ts';
import { type Estimate, isUpperBound } from '../../vocabulary/estimate.ts';
import { namesToOpen } from '../../vocabulary/hidden-calls.ts';
import type { Read } from '../passage.ts';
import { type BehindStages, hiddenCallsOf } from './look-up.ts';

/**
 * The estimate, which is a lower bound if its rows come from a database behind a view or a table function: a dry run says that such
 * a query processes nothing. Only if it says so is anything looked up.
 */
export async function withHiddenRows(
  estimate: Estimate,
  read: Read,
  stages: BehindStages,
): Promise<Estimate> {
  const { reading, asker } = read;
  const saysNothing = estimate.bytesProcessed === 0n && estimate.resultCached !== true;
  if (!saysNothing || !isUpperBound(estimate)) return estimate;
  const { tables, routines } = namesToOpen(reading, estimate);
  if (tables.length + routines.length === 0) return estimate;
  return withFederatedRows(estimate, await hiddenCallsOf({ asker, reading, estimate }, stages));
}
