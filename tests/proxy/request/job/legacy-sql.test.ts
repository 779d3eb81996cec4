import { expect, test } from 'vitest';
import { isLegacySql } from '../../../../src/proxy/request/job/legacy-sql.ts';

const sql = 'SELECT 1';

test.each([
  { method: 'jobs.query', sql, body: {} },
  { method: 'jobs.query', sql, body: { useLegacySql: true } },
  { method: 'jobs.query', sql, body: { useLegacySql: null } },
  { method: 'jobs.query', sql: '#standardSQL SELECT 2\nSELECT 1', body: {} },
  { method: 'jobs.insert', sql, body: { configuration: { query: {}, useLegacySql: false } } },
] as const)('a query is in legacy SQL unless it says otherwise: %j', (job) => {
  expect(isLegacySql(job)).toBe(true);
});

test.each([
  { method: 'jobs.query', sql, body: { useLegacySql: false } },
  { method: 'jobs.insert', sql, body: { configuration: { query: { useLegacySql: false } } } },
  { method: 'jobs.query', sql: ' #standardSQL\nSELECT 1', body: { useLegacySql: true } },
] as const)('a query is in GoogleSQL if it says so: %j', (job) => {
  expect(isLegacySql(job)).toBe(false);
});
