import { describe, expect, test } from 'vitest';
import type { CachePolicy } from '../../../src/reports/audit/export-contents.ts';
import {
  cachePolicyOf,
  runsPerMonth,
  type ViewingHabits,
  viewsOf,
} from '../../../src/reports/audit/refresh.ts';

const usage: ViewingHabits = { viewsPerDay: null, daysPerMonth: 20, hoursPerDay: 10, autoRefresh: new Map() };
const dashboard = { id: '3', name: 'D', viewsPerDay: 7 };
const hours = (many: number, refreshesItself = false) =>
  ({ kind: 'for', ms: many * 3_600_000, refreshesItself }) as const;

describe('how often a dashboard is opened', () => {
  test('is the given number, or else the export’s own count, or else an assumption', () => {
    expect(viewsOf(dashboard, { ...usage, viewsPerDay: 50 })).toEqual({ viewsPerDay: 50, source: 'option' });
    expect(viewsOf(dashboard, usage).source).toBe('export');
    expect(viewsOf({ ...dashboard, viewsPerDay: null }, usage)).toEqual({
      viewsPerDay: 20,
      source: 'assumed',
    });
  });

  test('comes to as many views a month as the export counts, which counts every day and not only working days', () => {
    const rate = viewsOf({ ...dashboard, viewsPerDay: 8 }, usage);

    expect(rate.viewsPerDay * usage.daysPerMonth).toBeCloseTo((8 * 365.25) / 12);
  });

  test.each(['3', 'D'])('is how often a screen reloads it, by %s', (name) => {
    const rate = viewsOf(dashboard, { ...usage, autoRefresh: new Map([[name, 5]]) });

    expect(rate).toEqual({ viewsPerDay: 120, source: 'auto-refresh' });
  });
});

describe('how often a card asks the warehouse', () => {
  type Policy = CachePolicy | null;
  const runs = (cache: Policy, ofDashboard: Policy = null, inheritedCache: Policy = null) => {
    const policy = cachePolicyOf({ cache, inheritedCache }, { cache: ofDashboard });
    return runsPerMonth({ viewsPerDay: 30, source: 'option' }, policy, usage);
  };

  test('is at each view without cached results, or with a caching policy that cannot be counted', () => {
    expect(runs(null)).toBe(600);
    expect(runs({ kind: 'none' })).toBe(600);
    expect(runs({ kind: 'not counted', policy: 'adaptive' })).toBe(600);
  });

  test('is at most how often cached results expire, and at most how often it is viewed', () => {
    expect(runs(hours(1))).toBe(200);
    expect(runs(hours(24))).toBe(20);
    expect(runs(hours(0.1))).toBe(600);
  });

  test('is around the clock if results refresh themselves, on days off too', () => {
    // Four times a day, 30.4375 days a month.
    expect(runs(hours(6, true))).toBe(122);
  });

  test('follows the card’s own policy even if its dashboard has one', () => {
    expect(runs({ kind: 'none' }, hours(1))).toBe(600);
    expect(runs(null, hours(1))).toBe(200);
  });

  test('follows what the card inherits only if neither the card nor its dashboard has a policy', () => {
    expect(runs(null, null, hours(1))).toBe(200);
    expect(runs(null, { kind: 'none' }, hours(1))).toBe(600);
  });
});
