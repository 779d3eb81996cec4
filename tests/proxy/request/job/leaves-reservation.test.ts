import { describe, expect, test } from 'vitest';
import { leavesReservation } from '../../../../src/proxy/request/job/leaves-reservation.ts';

describe('a query', () => {
  const sql = 'SELECT 1';

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'none' } },
    { method: 'jobs.insert', sql, body: { configuration: { reservation: 'NONE' } } },
    { method: 'jobs.query', sql: "SET @@reservation = 'none'; SELECT 1", body: {} },
    { method: 'jobs.insert', sql: 'BEGIN CALL d.leave(); END', body: { configuration: {} } },
    { method: 'jobs.query', sql, body: { connectionProperties: [{ key: 'session_id', value: 's' }] } },
    {
      method: 'jobs.insert',
      sql,
      body: { configuration: { query: { connectionProperties: { key: 'SESSION_ID', value: 's' } } } },
    },
  ] as const)(
    'may leave the slots of its project, by its own setting, in a script or in its session: %j',
    (job) => {
      expect(leavesReservation(job)).toBe(true);
    },
  );

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'projects/p/locations/US/reservations/r' } },
    { method: 'jobs.insert', sql, body: { configuration: {}, reservation: 'none' } },
    { method: 'jobs.query', sql, body: { connectionProperties: [{ key: 'time_zone', value: 'UTC' }] } },
    { method: 'jobs.query', sql, body: { createSession: true } },
  ] as const)('uses the slots of its project otherwise: %j', (job) => {
    expect(leavesReservation(job)).toBe(false);
  });
});
