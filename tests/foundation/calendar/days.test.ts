import { describe, expect, test } from 'vitest';
import {
  createDateOf,
  dayAfter,
  dayAt,
  firstDayFrom,
  isTimeZone,
  startOfDay,
} from '../../../src/foundation/calendar/days.ts';
import { HOUR_MS } from '../../../src/foundation/calendar/durations.ts';

const hoursOf = ({ startMs, endMs }: { readonly startMs: number; readonly endMs: number }) =>
  (endMs - startMs) / HOUR_MS;

describe('the day that holds an instant', () => {
  test('is that of its time zone', () => {
    const atMs = Date.UTC(2026, 10, 24, 1);

    expect(dayAt(atMs, 'UTC').day).toBe('2026-11-24');
    expect(dayAt(atMs, 'America/Sao_Paulo')).toEqual({
      day: '2026-11-23',
      startMs: Date.UTC(2026, 10, 23, 3),
      endMs: Date.UTC(2026, 10, 24, 3),
    });
  });

  test('begins with its first millisecond and ends before that of the next', () => {
    const startMs = Date.UTC(2026, 10, 24);

    expect(dayAt(startMs - 1, 'UTC').day).toBe('2026-11-23');
    expect(dayAt(startMs, 'UTC').day).toBe('2026-11-24');
  });

  test('has 23 or 25 hours when clocks change', () => {
    expect(hoursOf(dayAt(Date.UTC(2026, 2, 29, 12), 'Europe/Berlin'))).toBe(23);
    expect(hoursOf(dayAt(Date.UTC(2026, 9, 25, 12), 'Europe/Berlin'))).toBe(25);
  });

  test('is already the new one if clocks go back across midnight, so each instant belongs to one day', () => {
    // One minute after midnight of 7 November 2010, clocks in St. John's showed 23:01 of the 6th again.
    const midnightMs = Date.UTC(2010, 10, 7, 2, 30);

    expect(dayAt(midnightMs - 1, 'America/St_Johns')).toMatchObject({ day: '2010-11-06', endMs: midnightMs });
    expect(dayAt(midnightMs + HOUR_MS / 2, 'America/St_Johns')).toMatchObject({
      day: '2010-11-07',
      startMs: midnightMs,
    });
  });

  test('does not exist in an unknown time zone', () => {
    expect(() => dayAt(0, 'Mars/Olympus')).toThrow(RangeError);
    expect(isTimeZone('Mars/Olympus')).toBe(false);
    expect(isTimeZone('America/Sao_Paulo')).toBe(true);
  });
});

test.each(['UTC', 'Asia/Kathmandu', 'America/St_Johns'])(
  'the dates of many instants are those of their days, in %s also of an evening that comes twice',
  (timeZone) => {
    const dateOf = createDateOf(timeZone);
    const instants = Array.from({ length: 2_000 }, (_, i) => Date.UTC(2010, 10, 6) + i * 61_013);

    expect(instants.map(dateOf)).toEqual(instants.map((atMs) => dayAt(atMs, timeZone).day));
  },
);

test('the next day after the last of a month is in the next month', () => {
  expect(dayAfter('2028-02-28')).toBe('2028-02-29');
  expect(dayAfter('2026-12-31')).toBe('2027-01-01');
});

test('the first day from an instant is that day only if it begins then', () => {
  const startMs = startOfDay('2026-11-24', 'America/Sao_Paulo');

  expect(firstDayFrom(startMs, 'America/Sao_Paulo')).toBe('2026-11-24');
  expect(firstDayFrom(startMs + 1, 'America/Sao_Paulo')).toBe('2026-11-25');
});
