import type { Families } from './families.ts';

/** The state of the ledger and the warehouse, and who waits or watches. */
export function healthMetrics({ counter, gauge }: Families) {
  return {
    spooledEntries: gauge('spooled_entries', 'Entries that wait for the ledger to be back', []),
    queriesWaiting: gauge('queries_waiting', 'Queries that wait for a place to run', ['budget']),
    ledgerUp: gauge('ledger_up', '1 while the ledger can be written', []),
    feedListeners: gauge('feed_listeners', 'Those who watch decisions live', []),
    feedDropped: counter('feed_dropped_total', 'Those who watched decisions live and were too slow', []),
    upstreamErrors: counter('upstream_errors_total', 'Requests that the warehouse failed or could not take', [
      'stage',
    ]),
  };
}

/** The TLS listeners. */
export function tlsMetrics({ counter, gauge }: Families) {
  return {
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
  };
}

/** Traces, and policy edits. */
export function upkeepMetrics({ counter, gauge }: Families) {
  return {
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
