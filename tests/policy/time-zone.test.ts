import { expect, test } from 'vitest';
import { timeZoneOf } from '../../src/policy/time-zone.ts';
import { atOnce, budget } from '../budget/builders.ts';

const zone = 'America/Sao_Paulo';

test('days begin where all budgets that have days say, whatever limits queries at once', () => {
  const budgets = [budget({ timeZone: zone }), { ...atOnce(1n), timeZone: 'UTC' }];

  expect(timeZoneOf({ budgets })).toBe(zone);
});

test('windows of the last hours have no days: where days begin is for the others to say', () => {
  const budgets = [budget({ timeZone: zone }), budget({ window: 'rolling-24h', timeZone: 'UTC' })];

  expect(timeZoneOf({ budgets })).toBe(zone);
});

test('where budgets differ, or there are none, days begin in UTC', () => {
  expect(timeZoneOf({ budgets: [budget({ timeZone: zone }), budget({ timeZone: 'Asia/Tokyo' })] })).toBe(
    'UTC',
  );
  expect(timeZoneOf({ budgets: [] })).toBe('UTC');
});
