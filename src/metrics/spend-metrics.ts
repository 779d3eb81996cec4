import type { Families } from './families.ts';

/** Seconds that whole queries take, up to ten minutes, after which nobody waits any more. */
const QUERY_BUCKETS = [0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 600];

/** Bytes: from 10 MiB, the least that BigQuery bills, in steps of eight, to 20 TiB. */
const BYTES_BUCKETS = Array.from({ length: 8 }, (_, step) => 10 * 2 ** (20 + 3 * step));

/** What queries came to. */
export function spendMetrics({ counter, gauge, ofQueries, spreadOfQueries }: Families) {
  return {
    queries: counter('queries_total', 'Queries judged, by decision', ['team', 'statement_type', 'decision']),
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
      'Time from the admission of a query to the end of its answer or job',
      QUERY_BUCKETS,
      ['team'],
    ),
    cost: counter('cost_total', 'Cost of settled queries, in units of the currency', ['team', 'currency']),
    savedBytes: gauge(
      'saved_bytes',
      'Bytes not billed in the month so far: refused, or rewritten after a refusal',
      ['team', 'by'],
    ),
    savedCost: gauge(
      'saved_cost',
      'Cost not billed in the month so far, in units of the currency: refused, or rewritten after a refusal',
      ['team', 'by', 'currency'],
    ),
    cacheHits: counter('result_cache_hits_total', "Queries answered from BigQuery's result cache", ['team']),
  };
}
