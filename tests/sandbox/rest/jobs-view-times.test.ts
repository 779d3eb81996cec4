import { BigQuery } from '@google-cloud/bigquery';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { clientOf, useSandbox } from './sandbox.ts';

const sandbox = useSandbox();
const VIEW = '`region-us`.INFORMATION_SCHEMA.JOBS_BY_PROJECT';
const MIB = 1024 * 1024;

describe('the view of jobs can be filtered by creation time', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['Date'] }));
  afterEach(() => void vi.useRealTimers());

  test('Google’s own client reads a period, labels, and sums by day in a time zone', async () => {
    const bigquery = clientOf(sandbox());
    const sql = 'SELECT COUNT(DISTINCT sender) AS n FROM atendimento.messages';
    // 02:30 UTC is still the day before in São Paulo.
    for (const [index, now] of [
      '2027-03-01T23:00Z',
      '2027-03-02T02:30Z',
      '2027-03-02T12:00Z',
      '2027-03-03T00:00Z',
    ].entries()) {
      vi.setSystemTime(new Date(now));
      await bigquery.query({ query: `${sql} -- ${index}`, labels: { guardrail_decision: `d${index}` } });
    }
    const to = new Date('2027-03-03T00:00:00Z');

    const [jobs] = await bigquery.query({
      query: `
        SELECT creation_time, (SELECT value FROM UNNEST(labels) WHERE key = 'guardrail_decision') AS decision,
          total_bytes_billed
        FROM ${VIEW}
        WHERE creation_time >= TIMESTAMP '2027-03-01' AND creation_time < @to
          AND job_type = 'QUERY' AND parent_job_id IS NULL
        ORDER BY creation_time DESC`,
      params: { to },
    });
    const [days] = await bigquery.query({
      query: `
        SELECT DATE(creation_time, 'America/Sao_Paulo') AS day, COUNT(*) AS jobs, SUM(total_bytes_billed) AS bytes
        FROM ${VIEW}
        WHERE creation_time BETWEEN @from AND @to AND total_bytes_billed > 0 AND error_result IS NULL
        GROUP BY day
        ORDER BY day`,
      params: {
        from: BigQuery.timestamp('2027-03-01T00:00:00Z'),
        to: BigQuery.timestamp('2027-03-02T23:59:59Z'),
      },
    });

    expect(jobs).toEqual([
      {
        creation_time: BigQuery.timestamp('2027-03-02T12:00:00Z'),
        decision: 'd2',
        total_bytes_billed: 10 * MIB,
      },
      {
        creation_time: BigQuery.timestamp('2027-03-02T02:30:00Z'),
        decision: 'd1',
        total_bytes_billed: 10 * MIB,
      },
      {
        creation_time: BigQuery.timestamp('2027-03-01T23:00:00Z'),
        decision: 'd0',
        total_bytes_billed: 10 * MIB,
      },
    ]);
    expect(days).toEqual([
      { day: BigQuery.date('2027-03-01'), jobs: 2, bytes: 20 * MIB },
      { day: BigQuery.date('2027-03-02'), jobs: 1, bytes: 10 * MIB },
    ]);
  });
});
