import type { PricedJob } from '../../estimate/dry-run.ts';
import type { Read } from '../passage.ts';
import { pricedConfiguration } from '../query-job.ts';

/** The query as the dry run asks for its price. */
export function pricedJob({ id, job, sql }: Read): PricedJob {
  return {
    projectId: job.projectId,
    location: job.location,
    configuration: pricedConfiguration(job, sql),
    decisionId: id,
  };
}
