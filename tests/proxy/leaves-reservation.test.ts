import { describe, expect, test } from 'vitest';
import { leavesReservation } from '../../src/proxy/leaves-reservation.ts';

describe('a query leaves the slots of its project', () => {
  const sql = 'SELECT 1';

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'none' } },
    { method: 'jobs.insert', sql, body: { configuration: { reservation: 'NONE' } } },
    { method: 'jobs.query', sql: "SET @@reservation = 'none'; SELECT 1", body: {} },
  ] as const)('where it asks so, or may in a script: %j', (job) => {
    expect(leavesReservation(job)).toBe(true);
  });

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'projects/p/locations/US/reservations/r' } },
    { method: 'jobs.insert', sql: 'SELECT reservation FROM d.t', body: { configuration: {} } },
  ] as const)('and otherwise does not: %j', (job) => {
    expect(leavesReservation(job)).toBe(false);
  });
});
