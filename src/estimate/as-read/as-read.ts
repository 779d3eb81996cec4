import type { Estimate } from '../../vocabulary/estimate.ts';
import type { SqlReading } from '../../vocabulary/reading.ts';
import { withFederatedRows } from './federated.ts';
import { withMetadataMinimum } from './metadata-minimum.ts';
import { withUnnamedStatement } from './unnamed-statement.ts';

/** A dry run's estimate, with what the SQL says about the bill and the dry run does not. */
export function estimateAsRead(estimate: Estimate, reading: SqlReading): Estimate {
  return withFederatedRows(withUnnamedStatement(withMetadataMinimum(estimate, reading), reading), reading);
}
