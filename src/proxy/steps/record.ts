import type { Logger } from 'pino';
import type { Books } from '../../books/books.ts';
import { type Metrics, ruleModeLabel, statementTypeLabel } from '../../metrics/metrics.ts';
import type { Decision } from '../../vocabulary/decision.ts';

/**
 * Enters a decision that reserved nothing in the books, and tells it. One that cannot be written is logged and
 * counted, and answered all the same.
 */
export async function record(
  decision: Decision,
  stages: { readonly books: Books; readonly metrics: Metrics; readonly log: Logger },
): Promise<void> {
  tell(decision, stages);
  try {
    await stages.books.record(decision);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'record' });
    stages.log.error({ err: error, decision: decision.id }, 'a decision could not be recorded');
  }
}

/** Tells a decision to the metrics and the log. */
export function tell(
  decision: Decision,
  { metrics, log }: { readonly metrics: Metrics; readonly log: Logger },
): void {
  count(decision, metrics);
  log.info(
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
}

function count(decision: Decision, metrics: Metrics): void {
  const { team } = decision.caller;
  const statement_type = statementTypeLabel(decision.estimate?.statementType ?? decision.reading.statement);
  const bytes = Number(decision.estimate?.bytesBilled ?? 0n);
  metrics.queries.inc({ team, statement_type, decision: decision.outcome });
  metrics.bytesEstimated.inc({ team }, bytes);
  if (decision.outcome === 'refused') metrics.bytesRefused.inc({ team }, bytes);
  if (decision.reading.reader === 'none' && decision.sql !== '') metrics.unreadSql.inc({ team });
  for (const hit of decision.hits) metrics.ruleHits.inc({ rule: hit.rule, mode: ruleModeLabel(hit) });
  metrics.overheadSeconds.observe(decision.overheadMs / 1000);
}
