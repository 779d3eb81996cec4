import { describe, expect, test } from 'vitest';
import { leavesReservation } from '../../../src/proxy/request/leaves-reservation.ts';

describe('a query leaves the slots of its project', () => {
  const sql = 'SELECT 1';

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'none' } },
    { method: 'jobs.insert', sql, body: { configuration: { reservation: 'NONE' } } },
    { method: 'jobs.query', sql: "SET @@reservation = 'none'; SELECT 1", body: {} },
    { method: 'jobs.insert', sql: 'BEGIN CALL d.leave(); END', body: { configuration: {} } },
  ] as const)('where it asks so, or may in a script: %j', (job) => {
    expect(leavesReservation(job)).toBe(true);
  });

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'projects/p/locations/US/reservations/r' } },
    { method: 'jobs.insert', sql, body: { configuration: {}, reservation: 'none' } },
  ] as const)('and otherwise does not: %j', (job) => {
    expect(leavesReservation(job)).toBe(false);
  });
});
