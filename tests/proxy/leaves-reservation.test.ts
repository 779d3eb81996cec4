import { describe, expect, test } from 'vitest';
import { leavesReservation } from '../../src/proxy/leaves-reservation.ts';

describe('a query leaves the slots of its project', () => {
  const sql = 'SELECT 1';

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'none' } },
    { method: 'jobs.insert', sql, body: { configuration: { reservation: 'NONE' } } },
    { method: 'jobs.query', sql: "SET @@reservation = 'none'; SELECT 1", body: {} },
    { method: 'jobs.query', sql: "SET @@ /* by the byte */ `Reservation` = 'none'; SELECT 1", body: {} },
    { method: 'jobs.query', sql: "SET @@`reserv\\u0061tion` = 'none'; SELECT 1", body: {} },
    {
      method: 'jobs.query',
      sql: `EXECUTE IMMEDIATE CONCAT('SET @@', 'reservation = "none"'); SELECT 1`,
      body: {},
    },
    { method: 'jobs.query', sql: "execute -- later\n immediate text USING 'none' AS r", body: {} },
    { method: 'jobs.query', sql: 'CALL `my-project`.d.leave()', body: {} },
    { method: 'jobs.query', sql: 'SELECT 1; CALL my-project.d.leave(1)', body: {} },
    { method: 'jobs.query', sql: 'CALL my-project-123.d.leave()', body: {} },
    { method: 'jobs.query', sql: 'CALL my-project-1abc.d.leave()', body: {} },
    { method: 'jobs.insert', sql: 'BEGIN CALL d.leave(); END', body: { configuration: {} } },
    { method: 'jobs.insert', sql: 'IF TRUE THEN CALL d.leave(); END IF', body: { configuration: {} } },
  ] as const)('where it asks so, or may in a script: %j', (job) => {
    expect(leavesReservation(job)).toBe(true);
  });

  test('where it is too long to be taken apart, and has the words', () => {
    const long = `SELECT ${'1, '.repeat(20_000)} 2 FROM d.t`;

    expect(leavesReservation({ method: 'jobs.query', sql: `${long}; CALL d.p()`, body: {} })).toBe(true);
    expect(leavesReservation({ method: 'jobs.query', sql: long, body: {} })).toBe(false);
  });

  test.each([
    { method: 'jobs.query', sql, body: { reservation: 'projects/p/locations/US/reservations/r' } },
    { method: 'jobs.insert', sql: 'SELECT reservation FROM d.t', body: { configuration: {} } },
    { method: 'jobs.query', sql: "SELECT '@@reservation' FROM d.t -- CALL d.p()", body: {} },
    { method: 'jobs.query', sql: 'SELECT call, `execute` FROM d.t WHERE call IN (1)', body: {} },
    {
      method: 'jobs.query',
      sql: 'SELECT CASE WHEN a THEN call ELSE call END, IF(b, call, 1) FROM d.t',
      body: {},
    },
    { method: 'jobs.query', sql: 'SELECT CASE WHEN a THEN 1 ELSE call * (2) END FROM d.t', body: {} },
    { method: 'jobs.query', sql: "SET @@time_zone = 'UTC'; SELECT @@script.job_id", body: {} },
  ] as const)('and otherwise does not: %j', (job) => {
    expect(leavesReservation(job)).toBe(false);
  });
});
