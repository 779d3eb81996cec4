import type { Logger } from 'pino';
import { type Metrics, statementTypeLabel } from '../../metrics/metrics.ts';
import type { Records } from '../../records/records.ts';
import type { Decision } from '../../vocabulary/decision.ts';

/**
 * Writes a decision to the records, the metrics and the log. A decision that cannot be written is logged and
 * counted; the query it is about does not wait for it.
 */
export async function record(
  decision: Decision,
  stages: { readonly records: Records; readonly metrics: Metrics; readonly log: Logger },
): Promise<void> {
  count(decision, stages.metrics);
  stages.log.info(
    {
      decision: decision.id,
      outcome: decision.outcome,
      team: decision.caller.team,
      cause: decision.cause,
      fingerprint: decision.reading.fingerprint,
      bytesBilledEstimate: decision.estimate?.bytesBilled.toString(),
      overheadMs: Math.round(decision.overheadMs * 100) / 100,
    },
    'query judged',
  );
  try {
    await stages.records.record(decision);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'record' });
    stages.log.error({ err: error, decision: decision.id }, 'a decision could not be recorded');
  }
}

function count(decision: Decision, metrics: Metrics): void {
  const { team } = decision.caller;
  const statement_type = statementTypeLabel(decision.estimate?.statementType ?? decision.reading.statement);
  const bytes = Number(decision.estimate?.bytesBilled ?? 0n);
  metrics.queries.inc({ team, statement_type, decision: decision.outcome });
  metrics.bytesEstimated.inc({ team }, bytes);
  if (decision.outcome === 'refused') metrics.bytesRefused.inc({ team }, bytes);
  if (decision.reading.reader === 'none' && decision.sql !== '') metrics.unreadSql.inc({ team });
  for (const { rule, mode } of decision.hits) metrics.ruleHits.inc({ rule, mode });
  metrics.overheadSeconds.observe(decision.overheadMs / 1000);
}
