import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { describe, expect, test } from 'vitest';
import { rollingKeys, windowAt } from '../../src/budget/windows.ts';

const HOUR_MS = 3_600_000;

describe('budget windows', () => {
  test('begin at midnight in the time zone of the budget', () => {
    const found = windowAt('day', 'America/Sao_Paulo', Date.parse('2026-11-24T02:30:00Z'));

    expect(found).toEqual({
      key: '2026-11-23',
      startMs: Date.parse('2026-11-23T03:00:00Z'),
      endMs: Date.parse('2026-11-24T03:00:00Z'),
    });
  });

  test('begin at the first moment of the day when clocks skip midnight', () => {
    // Clocks in São Paulo went from 23:59:59 to 01:00 on 4 November 2018.
    const found = windowAt('day', 'America/Sao_Paulo', Date.parse('2018-11-04T12:00:00Z'));

    expect(new Date(found.startMs).toISOString()).toBe('2018-11-04T03:00:00.000Z');
    expect(found.endMs - found.startMs).toBe(23 * HOUR_MS);
  });

  test('are 25 hours long when the last hour of the day comes twice', () => {
    // Clocks in São Paulo went from 23:59:59 back to 23:00 on 17 February 2018.
    const found = windowAt('day', 'America/Sao_Paulo', Date.parse('2018-02-18T02:30:00Z'));

    expect(found.key).toBe('2018-02-17');
    expect(found.endMs - found.startMs).toBe(25 * HOUR_MS);
  });

  test('do not start again when clocks go back across midnight', () => {
    // Clocks in St. John's went from 00:01 on 1 November 2009 back to 23:01 on 31 October.
    const eveningAgain = Date.parse('2009-11-01T03:00:00Z');

    const day = windowAt('day', 'America/St_Johns', eveningAgain);
    const month = windowAt('month', 'America/St_Johns', eveningAgain);

    expect([day.key, month.key]).toEqual(['2009-11-01', '2009-11']);
    expect(new Date(day.startMs).toISOString()).toBe('2009-11-01T02:30:00.000Z');
  });

  test('leave out a day that the zone skipped', () => {
    // Samoa went from 29 to 31 December 2011.
    const before = windowAt('day', 'Pacific/Apia', Date.parse('2011-12-30T09:00:00Z'));

    expect(before.key).toBe('2011-12-29');
    expect(windowAt('day', 'Pacific/Apia', before.endMs).key).toBe('2011-12-31');
  });

  test('span a whole month, whatever its length', () => {
    const found = windowAt('month', 'America/Sao_Paulo', Date.parse('2028-02-29T23:00:00Z'));

    expect(found).toEqual({
      key: '2028-02',
      startMs: Date.parse('2028-02-01T03:00:00Z'),
      endMs: Date.parse('2028-03-01T03:00:00Z'),
    });
  });

  test('of a week begin on Monday and are named by the week of the year', () => {
    const found = windowAt('week', 'America/Sao_Paulo', Date.parse('2027-01-03T12:00:00Z'));

    expect(found).toEqual({
      key: '2026-W53',
      startMs: Date.parse('2026-12-28T03:00:00Z'),
      endMs: Date.parse('2027-01-04T03:00:00Z'),
    });
  });

  test('of an hour keep the two passes of a repeated hour apart', () => {
    // Clocks in New York went from 01:59:59 back to 01:00 on 1 November 2026.
    const first = windowAt('hour', 'America/New_York', Date.parse('2026-11-01T05:30:00Z'));
    const second = windowAt('hour', 'America/New_York', Date.parse('2026-11-01T06:30:00Z'));

    expect([first.key, second.key]).toEqual(['2026-11-01T01:00-04:00', '2026-11-01T01:00-05:00']);
    expect(first.endMs).toBe(second.startMs);
  });

  test('of an hour are full clock hours in a zone that is half an hour off', () => {
    const found = windowAt('hour', 'Asia/Kolkata', Date.parse('2026-11-24T10:45:00Z'));

    expect(new Date(found.startMs).toISOString()).toBe('2026-11-24T10:30:00.000Z');
  });

  test('that roll go back by their hours, to the start of a part', () => {
    const at = Date.parse('2026-11-24T12:34:56Z');

    const found = windowAt('rolling-24h', 'UTC', at);

    expect(found.startMs).toBeLessThanOrEqual(at - 24 * HOUR_MS);
    expect(found.startMs).toBeGreaterThan(at - 24 * HOUR_MS - 24 * 60_000);
    expect(found.endMs).toBeGreaterThan(at);
  });

  test('that roll count a part until all of it is older than their hours, and no longer', () => {
    const instant = fc.integer({ min: Date.UTC(2000, 0), max: Date.UTC(2060, 0) });
    const hours = fc.integer({ min: 1, max: 744 });

    fc.assert(
      fc.property(instant, hours, fc.double({ min: 0, max: 2, noNaN: true }), (at, count, share) => {
        const kind = `rolling-${count}h` as const;
        const laterBy = Math.floor(share * count * HOUR_MS);
        const { key } = windowAt(kind, 'UTC', at);
        const counted = rollingKeys(kind, at + laterBy);

        const isCounted = counted !== null && counted.from <= key && key <= counted.to;

        if (laterBy <= count * HOUR_MS) expect(isCounted).toBe(true);
        if (laterBy >= count * HOUR_MS * (1 + 1 / 60)) expect(isCounted).toBe(false);
      }),
    );
  });

  const zone = fc.constantFrom(...Intl.supportedValuesOf('timeZone'));
  const window = fc.constantFrom('hour' as const, 'day' as const, 'week' as const, 'month' as const);

  test('cover time without gaps or overlaps in every zone', () => {
    const instant = fc.integer({ min: Date.UTC(1970, 0), max: Date.UTC(2060, 0) });

    fc.assert(
      fc.property(instant, zone, window, (at, timeZone, kind) => {
        const found = windowAt(kind, timeZone, at);
        const next = windowAt(kind, timeZone, found.endMs);

        expect(found.startMs).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(found.endMs);
        expect(windowAt(kind, timeZone, found.startMs)).toEqual(found);
        expect(windowAt(kind, timeZone, found.endMs - 1)).toEqual(found);
        expect(next.startMs).toBe(found.endMs);
        expect(next.key).not.toBe(found.key);
        if (kind !== 'hour') expect(next.key > found.key).toBe(true);
      }),
      { numRuns: 300 },
    );
  });

  test('cover time without gaps or overlaps around a change of clocks', () => {
    const year = fc.integer({ min: 1970, max: 2040 });
    const aroundMs = fc.integer({ min: -3 * HOUR_MS, max: 3 * HOUR_MS });

    fc.assert(
      fc.property(year, zone, window, aroundMs, (inYear, timeZone, kind, offsetMs) => {
        const change = Temporal.ZonedDateTime.from({ timeZone, year: inYear, month: 1, day: 1 });
        const changedAtMs = change.getTimeZoneTransition('next')?.epochMilliseconds;
        fc.pre(changedAtMs !== undefined);
        const at = changedAtMs + offsetMs;
        const found = windowAt(kind, timeZone, at);

        expect(found.startMs).toBeLessThanOrEqual(at);
        expect(at).toBeLessThan(found.endMs);
        expect(windowAt(kind, timeZone, found.endMs).startMs).toBe(found.endMs);
        expect(windowAt(kind, timeZone, found.startMs - 1).endMs).toBe(found.startMs);
      }),
      { numRuns: 500 },
    );
  });
});
