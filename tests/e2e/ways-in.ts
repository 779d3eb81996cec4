import { afterEach, expect } from 'vitest';
import { type House, useHouse } from './guardrail.ts';

export const QUERIES = '/bigquery/v2/projects/guardrail-demo/queries';
/** A query that the example policies refuse. */
export const RUNAWAY_SQL = 'SELECT * FROM atendimento.messages';

/** A house that checks after each test that every job at its warehouse carries a decision. */
export function useWatchedHouse(): House {
  const house = useHouse();
  afterEach(async () => {
    const [jobs] = await house.direct().getJobs({ allUsers: true, projection: 'full' } as object);
    for (const job of jobs) {
      expect(job.metadata.configuration.labels).toHaveProperty('guardrail_decision');
      expect(job.metadata.configuration.query.query).not.toContain('*');
    }
  });
  return house;
}

/** A multipart body, and its headers. */
export function multipart(
  type: 'related' | 'mixed',
  parts: readonly string[],
): readonly [string, Record<string, string>] {
  const body = [...parts.map((part) => `--cut\r\n${part}\r\n`), '--cut--\r\n'].join('');
  return [body, { 'content-type': `multipart/${type}; boundary=cut` }];
}
