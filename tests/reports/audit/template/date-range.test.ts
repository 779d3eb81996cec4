import { describe, expect, test } from 'vitest';
import { dateRangeOf } from '../../../../src/reports/audit/template/date-range.ts';

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
    ['thisweek', '2026-11-22', '2026-11-29'],
    ['lastquarter', '2026-07-01', '2026-10-01'],
    ['next7days', '2026-11-25', '2026-12-02'],
    ['next7days~', '2026-11-24', '2026-12-02'],
    ['next2quarters', '2027-01-01', '2027-07-01'],
    ['past1weeks-from-4weeks', '2026-10-18', '2026-10-25'],
    ['next1months-from-1years', '2027-12-01', '2028-01-01'],
    ['2026-11-03T10:30:00~2026-11-04T11:00:00', '2026-11-03', '2026-11-05'],
  ])('%s means the days from %s until %s', (value, from, until) => {
    expect(dateRangeOf(value, '2026-11-24')).toEqual({ from, until });
  });

  // The time of day is not known: every day that it may be about.
  test.each([
    ['past24hours', '2026-11-23', '2026-11-25'],
    ['past25hours', '2026-11-22', '2026-11-25'],
    ['past30minutes~', '2026-11-23', '2026-11-25'],
    ['lasthour', '2026-11-23', '2026-11-25'],
    ['thishour', '2026-11-24', '2026-11-25'],
    ['next12hours', '2026-11-24', '2026-11-26'],
    ['past1days-from-6hours', '2026-11-22', '2026-11-24'],
  ])('%s may be about the days from %s until %s', (value, from, until) => {
    expect(dateRangeOf(value, '2026-11-24')).toEqual({ from, until });
  });

  test.each([
    'exclude-days-Mon',
    'next999999years',
    '2026-02-31',
    'whenever',
    "x' OR 1=1~2026-01-01",
    '2026-01-01~whenever',
  ])('%s is no range of days', (value) => {
    expect(dateRangeOf(value, '2026-11-24')).toBeNull();
  });
});
