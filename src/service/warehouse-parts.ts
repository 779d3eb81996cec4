import type { ResilientBooks } from '../books/outage/resilient-books.ts';
import { createRoutineDefinitions } from '../estimate/definitions/routine-definitions.ts';
import { createTableDefinitions } from '../estimate/definitions/table-definitions.ts';
import { createDryRun } from '../estimate/dry-run.ts';
import { createEstimates } from '../estimate/estimates.ts';
import { createJobFinder } from '../proxy/jobs/find-job.ts';
import { createJobFollower } from '../proxy/jobs/follow-job.ts';
import { createOrphanSettler } from '../proxy/jobs/orphans.ts';
import { createScriptModels } from '../proxy/jobs/script-models.ts';
import { principalFallback } from './principal.ts';
import type { ServiceContext } from './service-context.ts';

/** Asks the warehouse what queries cost, and how their tables and routines are defined. */
export function pricingParts({ settings, metrics, stopping }: ServiceContext) {
  const asking = {
    upstream: settings.upstream,
    timeoutMs: settings.tableDefinitionTimeoutMs,
    ttlMs: settings.tableDefinitionTtlMs,
    maxEntries: settings.estimateEntries,
    onFailure: () => metrics.upstreamErrors.inc({ stage: 'table definition' }),
  };
  return {
    estimates: createEstimates({
      dryRun: createDryRun({
        upstream: settings.upstream,
        timeoutMs: settings.dryRunTimeoutMs,
        signal: stopping,
        onSeconds: (value, decision) =>
          metrics.dryRunSeconds.observe(
            decision === undefined ? { value } : { value, exemplarLabels: { decision } },
          ),
      }),
      ttlMs: settings.estimateTtlMs,
      maxEntries: settings.estimateEntries,
      principalOf: principalFallback(settings, metrics),
    }),
    definitions: createTableDefinitions(asking),
    routines: createRoutineDefinitions(asking),
  };
}

/** Asks the warehouse about jobs that have not said what they came to. */
export function jobParts(books: ResilientBooks, { settings, log, watch, stopping: signal }: ServiceContext) {
  const warehouse = { upstream: settings.upstream, signal };
  const scriptModels = createScriptModels(warehouse);
  return {
    jobs: createJobFollower(warehouse),
    findJob: createJobFinder(warehouse),
    scriptModels,
    orphans: createOrphanSettler({
      ...warehouse,
      books,
      scriptModels,
      pricing: () => watch.current().pricing,
      onLook: (outcome) =>
        'error' in outcome
          ? log.warn({ err: outcome.error }, 'what was left open could not be looked for')
          : log.info(outcome, 'what was left open was looked for'),
    }),
  };
}
