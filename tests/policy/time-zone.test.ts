import { expect, test } from 'vitest';
import { timeZoneOf } from '../../src/policy/time-zone.ts';
import { atOnce, budget } from '../budget/builders.ts';

const zone = 'America/Sao_Paulo';

test('days begin in the common time zone of the budgets, ignoring budgets of queries at once', () => {
  const budgets = [budget({ timeZone: zone }), { ...atOnce(1n), timeZone: 'UTC' }];

  expect(timeZoneOf({ budgets })).toBe(zone);
});

test('days begin in the common time zone of the budgets, ignoring rolling windows', () => {
  const budgets = [budget({ timeZone: zone }), budget({ window: 'rolling-24h', timeZone: 'UTC' })];

  expect(timeZoneOf({ budgets })).toBe(zone);
});

test('days begin in UTC if budgets have different time zones, or there are none', () => {
  expect(timeZoneOf({ budgets: [budget({ timeZone: zone }), budget({ timeZone: 'Asia/Tokyo' })] })).toBe(
    'UTC',
  );
  expect(timeZoneOf({ budgets: [] })).toBe('UTC');
});
