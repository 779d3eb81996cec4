import { describe, expect, test } from 'vitest';
import { mayLeaveReservation } from '../../../src/sql/tokens/may-leave-reservation.ts';

describe('SQL', () => {
  test.each([
    "SET @@reservation = 'none'; SELECT 1",
    "SET @@ /* by the byte */ `Reservation` = 'none'; SELECT 1",
    "SET @@`reserv\\u0061tion` = 'none'; SELECT 1",
    `EXECUTE IMMEDIATE CONCAT('SET @@', 'reservation = "none"'); SELECT 1`,
    "execute -- later\n immediate text USING 'none' AS r",
    'CALL `my-project`.d.leave()',
    'SELECT 1; CALL my-project.d.leave(1)',
    'CALL my-project-123.d.leave()',
    'CALL my-project-1abc.d.leave()',
    'BEGIN CALL d.leave(); END',
    'IF TRUE THEN CALL d.leave(); END IF',
  ])('may leave the slots of its project if it says so, or runs unseen SQL: %s', (sql) => {
    expect(mayLeaveReservation(sql)).toBe(true);
  });

  test('may leave the slots of its project if it is too long to tokenise and contains the keywords', () => {
    const long = `SELECT ${'1, '.repeat(20_000)} 2 FROM d.t`;

    expect(mayLeaveReservation(`${long}; CALL d.p()`)).toBe(true);
    expect(mayLeaveReservation(long)).toBe(false);
  });

  test.each([
    'SELECT reservation FROM d.t',
    "SELECT '@@reservation' FROM d.t -- CALL d.p()",
    'SELECT call, `execute` FROM d.t WHERE call IN (1)',
    'SELECT CASE WHEN a THEN call ELSE call END, IF(b, call, 1) FROM d.t',
    'SELECT CASE WHEN a THEN 1 ELSE call * (2) END FROM d.t',
    "SET @@time_zone = 'UTC'; SELECT @@script.job_id",
  ])('otherwise does not leave the slots of its project: %s', (sql) => {
    expect(mayLeaveReservation(sql)).toBe(false);
  });
});
