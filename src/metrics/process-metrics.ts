import type { Families } from './families.ts';

/** The state of the ledger and the warehouse, and who waits or watches. */
export function healthMetrics({ counter, gauge }: Families) {
  return {
    spooledEntries: gauge('spooled_entries', 'Entries that wait until the ledger is back', []),
    queriesWaiting: gauge('queries_waiting', 'Queries that wait for a place in a budget of queries at once', [
      'budget',
    ]),
    ledgerUp: gauge('ledger_up', '1 while the ledger can be written', []),
    feedListeners: gauge('feed_listeners', 'Clients that listen to the live feed', []),
    feedDropped: counter(
      'feed_dropped_total',
      'Clients of the live feed that were cut off because they were too slow',
      [],
    ),
    clockAhead: gauge(
      'clock_ahead_seconds',
      "How far this machine's clock was ahead of the warehouse's at its last answer; negative if it was behind",
      [],
    ),
    upstreamErrors: counter('upstream_errors_total', 'Requests to the warehouse that failed, by stage', [
      'stage',
    ]),
  };
}

/** The TLS listeners. */
export function tlsMetrics({ counter, gauge }: Families) {
  return {
    tlsExpiry: gauge(
      'tls_certificate_expiry_timestamp_seconds',
      'When the first of the certificates that a listener presents expires; not without TLS',
      ['listener'],
    ),
    tlsRejected: gauge(
      'tls_certificate_rejected',
      '1 while the newest certificate files of a listener are rejected and older ones are in use',
      ['listener'],
    ),
    tlsRefused: counter('tls_refused_connections_total', 'Connections that failed the TLS handshake', [
      'listener',
    ]),
  };
}

/** Traces, and policy edits. */
export function upkeepMetrics({ counter, gauge }: Families) {
  return {
    traceSpans: counter('trace_spans_total', 'Spans of traces, by outcome', ['outcome']),
    policyInfo: gauge('policy_info', 'Always 1; the label is the version of the policy in force', [
      'version',
    ]),
    policyReloads: counter('policy_reloads_total', 'Policy edits, by whether they were loaded', ['outcome']),
    policyRejected: gauge(
      'policy_rejected',
      '1 while the newest policy edit is rejected and an older policy is in force',
      [],
    ),
  };
}
