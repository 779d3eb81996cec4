import { describe, expect, test } from 'vitest';
import { dateRangeOf } from '../../../src/audit/template/date-range.ts';

describe('the value of a date filter', () => {
  // A Tuesday; weeks begin on Sunday, as Metabase's do unless it is told otherwise.
  test.each([
    ['2026-11-03', '2026-11-03', '2026-11-04'],
    ['2026-11', '2026-11-01', '2026-12-01'],
    ['Q4-2026', '2026-10-01', '2027-01-01'],
    ['2026-10-01~2026-10-31', '2026-10-01', '2026-11-01'],
    ['~2026-10-31', null, '2026-11-01'],
    ['2026-10-01~', '2026-10-01', null],
    ['today', '2026-11-24', '2026-11-25'],
    ['yesterday', '2026-11-23', '2026-11-24'],
    ['past7days', '2026-11-17', '2026-11-24'],
    ['past7days~', '2026-11-17', '2026-11-25'],
    ['past3months', '2026-08-01', '2026-11-01'],
    ['past1quarters', '2026-07-01', '2026-10-01'],
    ['lastweek', '2026-11-15', '2026-11-22'],
    ['thismonth', '2026-11-01', '2026-12-01'],
    ['thisyear', '2026-01-01', '2027-01-01'],
  ])('%s means the days from %s until %s', (value, from, until) => {
    expect(dateRangeOf(value, '2026-11-24')).toEqual({ from, until });
  });

  test.each(['exclude-days-Mon', 'next7days', '2026-02-31', 'whenever', "x' OR 1=1~2026-01-01"])(
    '%s is no range of days up to now',
    (value) => {
      expect(dateRangeOf(value, '2026-11-24')).toBeNull();
    },
  );
});
