import type { Families } from './families.ts';

/** What was entered, and what was sent to others. */
export function entryMetrics({ counter, gauge }: Families) {
  return {
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
  };
}

/** What was pruned, and whether the rest agrees with the warehouse. */
export function keepingMetrics({ counter, gauge }: Families) {
  return {
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
  };
}
