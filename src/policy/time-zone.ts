import { isRolling } from '../vocabulary/budget.ts';
import type { Policy } from './policy.ts';

/**
 * The time zone of the budgets' days, if they all agree, or else that of the policy files. Limits of queries at once, and
 * windows over the last hours, have no days.
 */
export function timeZoneOf({ budgets, timeZone: ofFiles }: Pick<Policy, 'budgets' | 'timeZone'>): string {
  const withDays = budgets.filter(({ limit, window }) => limit.measure !== 'at once' && !isRolling(window));
  const [zone, ...others] = new Set(withDays.map(({ timeZone }) => timeZone));
  return zone !== undefined && others.length === 0 ? zone : ofFiles;
}
