import type { Families } from './families.ts';

/** What was entered, and what was sent to others. */
export function entryMetrics({ counter, gauge }: Families) {
  return {
    settlements: counter('settlements_total', 'Settlements, by the source of their figures', ['source']),
    ledgerErrors: counter('ledger_errors_total', 'Ledger operations that failed', ['operation']),
    ledgerBatchesSplit: counter(
      'ledger_batches_split_total',
      'Batches of entries that failed as a whole and were written in halves, which is slower',
      [],
    ),
    noticeAttempts: counter('notice_attempts_total', 'Notices of budgets sent to webhooks', [
      'webhook',
      'outcome',
    ]),
    lineageEvents: counter(
      'lineage_events_total',
      'OpenLineage events by outcome: sent, refused for good, failed and retried later, pruned before they were sent, unreadable',
      ['outcome'],
    ),
    lineageWaiting: gauge('lineage_waiting_entries', 'Ledger entries not yet sent as lineage', []),
    lineageWaitingSince: gauge(
      'lineage_waiting_since_timestamp_seconds',
      'When the first ledger entry not yet sent as lineage was sealed; 0 if all are sent',
      [],
    ),
  };
}

/** What was pruned, and whether the rest agrees with the warehouse. */
export function keepingMetrics({ counter, gauge }: Families) {
  return {
    recordsPruned: counter(
      'records_pruned_total',
      'Decisions deleted because their retention period was over',
      [],
    ),
    recordsPrunedAt: gauge(
      'records_pruned_timestamp_seconds',
      'When this process last finished looking for records to delete',
      [],
    ),
    reconciledBalanced: gauge('reconciliation_balanced', '1 if the last reconciliation balanced', []),
    reconciledAt: gauge('reconciliation_timestamp_seconds', 'When the last reconciliation ran', []),
    reconciledDifference: gauge(
      'reconciliation_difference_bytes',
      'Bytes billed by the warehouse minus those in the ledger, at the last reconciliation',
      [],
    ),
    reconciledUnguarded: gauge(
      'reconciliation_unguarded_bytes',
      'Bytes billed for jobs that bypassed guardrail, at the last reconciliation',
      [],
    ),
    reconciledMissing: gauge(
      'reconciliation_missing_bytes',
      'Bytes in the ledger for jobs that the warehouse does not have, at the last reconciliation',
      [],
    ),
  };
}
