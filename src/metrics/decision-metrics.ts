import { FAST_BUCKETS, type Families } from './families.ts';

/** The labels of a budget's standing. */
const LABELS = ['budget', 'team', 'window', 'unit'] as const;

/** The state of budgets. */
export function budgetMetrics({ gauge }: Families) {
  return {
    budgetLimit: gauge('budget_limit', 'Limit of a budget, in `unit`', LABELS),
    budgetUsed: gauge('budget_used', 'Settled spend in the current window', LABELS),
    budgetReserved: gauge(
      'budget_reserved',
      'Reserved by queries that are admitted and not yet settled',
      LABELS,
    ),
    budgetWindow: gauge(
      'budget_window_seconds',
      'How long the current window of a budget is; not for budgets of queries at once',
      LABELS,
    ),
    budgetWindowEnd: gauge(
      'budget_window_end_timestamp_seconds',
      'When the current window of a budget ends; not for rolling windows',
      LABELS,
    ),
  };
}

/** What rules did. */
export function ruleMetrics({ counter }: Families) {
  return {
    ruleHits: counter('rule_hits_total', 'Queries that a rule matched, by mode in force', ['rule', 'mode']),
    legacyTableQueries: counter(
      'legacy_table_queries_total',
      'Queries that read a legacy table, by its entry in the catalog',
      ['table', 'team'],
    ),
    ruleErrors: counter('rule_errors_total', 'Rules that failed while they were evaluated', ['rule']),
  };
}

/** How SQL was read. */
export function readingMetrics({ counter, seconds }: Families) {
  return {
    unreadSql: counter('unread_sql_total', 'Queries that no parser could read', ['team']),
    sqlReadings: counter(
      'sql_readings_total',
      'Readings of SQL, by parser, or by the reason why none could read it',
      ['outcome'],
    ),
    sqlReadingSeconds: seconds(
      'sql_reading_seconds',
      'Time until SQL was read, including the wait for a reader',
    ),
    sqlReadersReplaced: counter(
      'sql_readers_replaced_total',
      'Processes that read SQL and were replaced because they hung, crashed or could not start',
      [],
    ),
  };
}

/** How long dry runs and the guard take, and where estimates come from. */
export function pricingMetrics({ counter, spreadOfQueries }: Families) {
  return {
    dryRunSeconds: spreadOfQueries(
      'dry_run_seconds',
      'Time the warehouse took to answer dry runs',
      FAST_BUCKETS,
    ),
    overheadSeconds: spreadOfQueries(
      'overhead_seconds',
      'Time from the arrival of a query until it is forwarded or refused, without waits for a place or for rewrites',
      FAST_BUCKETS,
    ),
    estimateLookups: counter('estimate_lookups_total', 'Estimates, by source', ['source']),
  };
}
