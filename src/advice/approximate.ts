import type { Candidate, Subject } from './candidate.ts';

const APPROXIMATE = 'APPROX_COUNT_DISTINCT';

/**
 * Approximate counts in place of exact ones.
 * @see https://cloud.google.com/bigquery/docs/reference/standard-sql/approximate_aggregate_functions
 */
export function approximateCounts({ sites: { exactCounts } }: Subject): Candidate | null {
  if (exactCounts.length === 0) return null;
  return {
    changes: [{ kind: 'approximate', shows: APPROXIMATE }],
    edits: exactCounts.flatMap(({ name, distinct }) => [
      { ...name, text: APPROXIMATE },
      { ...distinct, text: '' },
    ]),
    result: 'changed',
  };
}
