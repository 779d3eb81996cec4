import type { Logger } from 'pino';
import type { Books } from '../../books/books.ts';
import { countDecision } from '../../metrics/count.ts';
import type { Metrics } from '../../metrics/metrics.ts';
import type { Policy } from '../../policy/policy.ts';
import type { FeedPublisher } from '../../records/feed/decision-feed.ts';
import type { Decision } from '../../vocabulary/decision.ts';

/**
 * Enters in the books a decision that reserved nothing, and reports it. One that cannot be written is logged and
 * counted, and the query is answered all the same.
 */
export async function record(decision: Decision, stages: Telling & { readonly books: Books }): Promise<void> {
  tell(decision, stages);
  try {
    await stages.books.record(decision);
  } catch (error) {
    stages.metrics.ledgerErrors.inc({ operation: 'record' });
    stages.log.error({ err: error, decision: decision.id }, 'a decision could not be recorded');
  }
}

/** Where decisions are reported. */
interface Telling {
  readonly policy: () => Policy;
  readonly metrics: Metrics;
  readonly feed: FeedPublisher;
  readonly log: Logger;
}

/** Reports a decision to the metrics, the log, and those who watch. */
export function tell(decision: Decision, { policy, metrics, feed, log }: Telling): void {
  feed.publishDecision(decision);
  countDecision(decision, policy().catalogEntry, metrics);
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
