import { expect, test } from 'vitest';
import { isLegacySql } from '../../../src/proxy/request/legacy-sql.ts';

const sql = 'SELECT 1';

test.each([
  { method: 'jobs.query', sql, body: {} },
  { method: 'jobs.query', sql, body: { useLegacySql: true } },
  { method: 'jobs.query', sql, body: { useLegacySql: null } },
  { method: 'jobs.query', sql: '#standardSQL SELECT 2\nSELECT 1', body: {} },
  { method: 'jobs.insert', sql, body: { configuration: { query: {}, useLegacySql: false } } },
] as const)('a query is of legacy SQL where it does not say otherwise: %j', (job) => {
  expect(isLegacySql(job)).toBe(true);
});

test.each([
  { method: 'jobs.query', sql, body: { useLegacySql: false } },
  { method: 'jobs.insert', sql, body: { configuration: { query: { useLegacySql: false } } } },
  { method: 'jobs.query', sql: ' #standardSQL\nSELECT 1', body: { useLegacySql: true } },
] as const)('and is not where it does: %j', (job) => {
  expect(isLegacySql(job)).toBe(false);
});
