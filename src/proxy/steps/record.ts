import type { Logger } from 'pino';
import type { Books } from '../../books/books.ts';
import { type Metrics, ruleModeLabel, statementTypeLabel } from '../../metrics/metrics.ts';
import type { Policy } from '../../policy/policy.ts';
import type { FeedSource } from '../../records/decision-feed.ts';
import type { Decision } from '../../vocabulary/decision.ts';
import { tableName } from '../../vocabulary/table.ts';

/**
 * Enters a decision that reserved nothing in the books, and tells it. One that cannot be written is logged and
 * counted, and answered all the same.
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

/** What decisions are told to. */
interface Telling {
  readonly policy: () => Policy;
  readonly metrics: Metrics;
  readonly feed: FeedSource;
  readonly log: Logger;
}

/** Tells a decision to the metrics, the log, and those who watch. */
export function tell(decision: Decision, { policy, metrics, feed, log }: Telling): void {
  feed.decided(decision);
  count(decision, metrics);
  countLegacyTables(decision, policy(), metrics);
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

/** By the catalog's own entries, so that the label's values are as many as these. */
function countLegacyTables({ caller, estimate, reading }: Decision, policy: Policy, metrics: Metrics): void {
  const read = [...(estimate?.referencedTables ?? []), ...reading.tables.map(({ table }) => table)];
  const entries = [...new Set(read.map(tableName))].map((name) => policy.catalogEntry(name));
  const legacy = new Set(entries.flatMap((entry) => (entry?.status === 'legacy' ? [entry.table] : [])));
  for (const table of legacy) metrics.legacyTableQueries.inc({ table, team: caller.team });
}
