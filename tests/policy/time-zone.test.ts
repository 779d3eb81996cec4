import { expect, test } from 'vitest';
import { timeZoneOf } from '../../src/policy/time-zone.ts';
import { atOnce, budget } from '../budget/builders.ts';

const zone = 'America/Sao_Paulo';

test('days begin in the common time zone of the budgets, ignoring budgets of queries at once', () => {
  const budgets = [budget({ timeZone: zone }), { ...atOnce(1n), timeZone: 'UTC' }];

  expect(timeZoneOf({ budgets, timeZone: 'UTC' })).toBe(zone);
});

test('days begin in the common time zone of the budgets, ignoring rolling windows', () => {
  const budgets = [budget({ timeZone: zone }), budget({ window: 'rolling-24h', timeZone: 'UTC' })];

  expect(timeZoneOf({ budgets, timeZone: 'UTC' })).toBe(zone);
});

test('days begin in the time zone of the policy files if budgets have different ones, or there are none', () => {
  const budgets = [budget({ timeZone: zone }), budget({ timeZone: 'UTC' })];

  expect(timeZoneOf({ budgets, timeZone: zone })).toBe(zone);
  expect(timeZoneOf({ budgets, timeZone: 'Asia/Tokyo' })).toBe('Asia/Tokyo');
  expect(timeZoneOf({ budgets: [], timeZone: 'Asia/Tokyo' })).toBe('Asia/Tokyo');
});
