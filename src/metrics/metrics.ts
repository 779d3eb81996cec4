import {
  Counter,
  collectDefaultMetrics,
  Gauge,
  Histogram,
  type OpenMetricsContentType,
  Registry,
} from 'prom-client';
import { VERSION } from '../vocabulary/version.ts';

/** Seconds: from a quarter of a millisecond, where a cached estimate ends, to where people start to complain. */
const FAST_BUCKETS = [0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5];

/** Seconds that whole queries take, to the ten minutes after which nobody waits any more. */
const QUERY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/** Bytes: from the 10 MiB that BigQuery bills at the least, in steps of eight, to 20 TiB. */
const BYTES_BUCKETS = Array.from({ length: 8 }, (_, step) => 10 * 2 ** (20 + 3 * step));

export type Metrics = ReturnType<typeof createMetrics>;

/**
 * The Prometheus registry: every metric the guardrail exports, in base units, with labels that stay few. A label
 * never holds SQL, a person, a table or anything else that callers can make up.
 */
export function createMetrics() {
  const registry = new Registry<OpenMetricsContentType>();
  // Only of such a registry metrics may have exemplars; `exposition` writes the classic format too.
  registry.setContentType(Registry.OPENMETRICS_CONTENT_TYPE);
  collectDefaultMetrics({ register: registry, prefix: 'guardrail_' });
  const registers = [registry];
  const counter = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Counter({ name: `guardrail_${name}`, help, labelNames: [...labelNames], registers });
  const gauge = <L extends string>(name: string, help: string, labelNames: readonly L[]) =>
    new Gauge({ name: `guardrail_${name}`, help, labelNames: [...labelNames], registers });
  const seconds = (name: string, help: string) =>
    new Histogram({ name: `guardrail_${name}`, help, buckets: FAST_BUCKETS, registers });
  // Those of single queries tell one of them, by its decision, to who reads OpenMetrics. The library's types have one
  // list for the labels of a metric and of its exemplars; at run time a metric takes its own only.
  const enableExemplars = true;
  const ofQueries = (name: string, help: string) =>
    new Counter<'team' | 'decision'>({
      name: `guardrail_${name}`,
      help,
      labelNames: ['team'],
      registers,
      enableExemplars,
    });
  const spreadOfQueries = (name: string, help: string, buckets: number[], labelNames: 'team'[] = []) =>
    new Histogram<'team' | 'decision'>({
      name: `guardrail_${name}`,
      help,
      buckets,
      labelNames,
      registers,
      enableExemplars,
    });
  const budgetLabels = ['budget', 'team', 'window', 'unit'] as const;

  gauge('build_info', '1, of the version that runs', ['version']).set({ version: VERSION }, 1);

  return {
    registry,
    queries: counter('queries_total', 'Queries judged, by how they left the guard', [
      'team',
      'statement_type',
      'decision',
    ]),
    bytesEstimated: ofQueries('bytes_estimated_total', 'Bytes that dry runs estimated, as billed'),
    bytesProcessed: ofQueries('bytes_processed_total', 'Bytes that settled queries processed'),
    bytesBilled: ofQueries('bytes_billed_total', 'Bytes that settled queries were billed for'),
    bytesRefused: ofQueries(
      'bytes_refused_total',
      'Estimated bytes of refused queries, every attempt counted',
    ),
    queryBytes: spreadOfQueries(
      'query_bytes',
      'Bytes that each settled query was billed for',
      BYTES_BUCKETS,
      ['team'],
    ),
    querySeconds: spreadOfQueries(
      'query_seconds',
      'Time from a query being admitted to the end of its answer or job',
      QUERY_BUCKETS,
      ['team'],
    ),
    cost: counter('cost_total', 'Cost of settled queries, in units of the currency', ['team', 'currency']),
    savedBytes: gauge(
      'saved_bytes',
      'Not billed in the month so far: refused, or rewritten after a refusal',
      ['team', 'by'],
    ),
    savedCost: gauge('saved_cost', 'What that would have cost, in units of the currency', [
      'team',
      'by',
      'currency',
    ]),
    cacheHits: counter('result_cache_hits_total', "Queries answered from BigQuery's result cache", ['team']),
    budgetLimit: gauge('budget_limit', 'Limit of a budget, in bytes or units of its currency', budgetLabels),
    budgetUsed: gauge('budget_used', 'Settled spend in the current window', budgetLabels),
    budgetReserved: gauge('budget_reserved', 'Admitted and not yet settled', budgetLabels),
    budgetWindow: gauge(
      'budget_window_seconds',
      'How long the current window of a budget is; none for budgets of queries at once',
      budgetLabels,
    ),
    budgetWindowEnd: gauge(
      'budget_window_end_timestamp_seconds',
      'When the current window of a budget ends; none for windows that move along',
      budgetLabels,
    ),
    ruleHits: counter('rule_hits_total', 'Queries for which a rule held, by what it did', ['rule', 'mode']),
    legacyTableQueries: counter(
      'legacy_table_queries_total',
      'Queries that read a legacy table, by its entry in the catalog',
      ['table', 'team'],
    ),
    ruleErrors: counter('rule_errors_total', 'Rules that failed while they were evaluated', ['rule']),
    unreadSql: counter('unread_sql_total', 'Queries that no parser could read', ['team']),
    sqlReadings: counter('sql_readings_total', 'SQL read, by which parser, or by why none read it', [
      'outcome',
    ]),
    sqlReadingSeconds: seconds(
      'sql_reading_seconds',
      'Time until SQL was read, waiting for a reader included',
    ),
    sqlReadersReplaced: counter(
      'sql_readers_replaced_total',
      'Processes that read SQL and hung or broke over some',
      [],
    ),
    dryRunSeconds: spreadOfQueries(
      'dry_run_seconds',
      'Time the warehouse took to answer dry runs',
      FAST_BUCKETS,
    ),
    overheadSeconds: spreadOfQueries(
      'overhead_seconds',
      'Time from a query arriving to its being forwarded or refused, without what it waits for a place or for rewrites',
      FAST_BUCKETS,
    ),
    estimateLookups: counter('estimate_lookups_total', 'Estimates by where they came from', ['source']),
    settlements: counter('settlements_total', 'Settlements by where their figures came from', ['source']),
    ledgerErrors: counter('ledger_errors_total', 'Ledger operations that failed', ['operation']),
    noticeAttempts: counter('notice_attempts_total', 'Notices of budgets sent to webhooks', [
      'webhook',
      'outcome',
    ]),
    lineageEvents: counter(
      'lineage_events_total',
      'OpenLineage events by what became of them: told, refused for good, failed and told again later, pruned before they were told, unreadable',
      ['outcome'],
    ),
    lineageWaiting: gauge('lineage_waiting_entries', 'Entries of the books not yet told as lineage', []),
    lineageWaitingSince: gauge(
      'lineage_waiting_since_timestamp_seconds',
      'When the first entry of the books was sealed that is not yet told as lineage; 0 where all is told',
      [],
    ),
    recordsPruned: counter(
      'records_pruned_total',
      'Decisions given up since their time to be kept was over',
      [],
    ),
    recordsPrunedAt: gauge(
      'records_pruned_timestamp_seconds',
      'When this process last looked for records to give up and was done',
      [],
    ),
    reconciledBalanced: gauge('reconciliation_balanced', '1 where the last reconciliation balanced', []),
    reconciledAt: gauge('reconciliation_timestamp_seconds', 'When the last reconciliation was made', []),
    reconciledDifference: gauge(
      'reconciliation_difference_bytes',
      'Bytes billed by the warehouse less those in the ledger, at the last reconciliation',
      [],
    ),
    reconciledUnguarded: gauge(
      'reconciliation_unguarded_bytes',
      'Bytes billed for jobs that never passed the guardrail, at the last reconciliation',
      [],
    ),
    reconciledMissing: gauge(
      'reconciliation_missing_bytes',
      'Bytes in the ledger for jobs that the warehouse does not have, at the last reconciliation',
      [],
    ),
    spooledEntries: gauge('spooled_entries', 'Entries that wait for the ledger to be back', []),
    queriesWaiting: gauge('queries_waiting', 'Queries that wait for a place to run', ['budget']),
    ledgerUp: gauge('ledger_up', '1 while the ledger can be written', []),
    feedListeners: gauge('feed_listeners', 'Those who watch decisions live', []),
    feedDropped: counter('feed_dropped_total', 'Those who watched decisions live and were too slow', []),
    upstreamErrors: counter('upstream_errors_total', 'Requests that the warehouse failed or could not take', [
      'stage',
    ]),
    tlsExpiry: gauge(
      'tls_certificate_expiry_timestamp_seconds',
      'When the first of the certificates that a listener shows expires; none without TLS',
      ['listener'],
    ),
    tlsRejected: gauge(
      'tls_certificate_rejected',
      '1 while the newest certificate files of a listener are refused and older ones are shown',
      ['listener'],
    ),
    tlsRefused: counter(
      'tls_refused_connections_total',
      'Connections that did not get through the handshake of TLS',
      ['listener'],
    ),
    traceSpans: counter('trace_spans_total', 'Spans of traces, by what became of them', ['outcome']),
    policyReloads: counter('policy_reloads_total', 'Policy edits seen, by whether they were taken', [
      'outcome',
    ]),
    policyRejected: gauge(
      'policy_rejected',
      '1 while the newest policy edit is refused and an older one runs',
      [],
    ),
  };
}
