import { isRolling } from '../vocabulary/budget.ts';
import type { Policy } from './policy.ts';

/**
 * Where the budgets' days begin, as far as they agree, else UTC. Limits of queries at once, and windows of the last
 * hours, have no days.
 */
export function timeZoneOf({ budgets }: Pick<Policy, 'budgets'>): string {
  const withDays = budgets.filter(({ limit, window }) => limit.measure !== 'at once' && !isRolling(window));
  const [zone, ...others] = new Set(withDays.map(({ timeZone }) => timeZone));
  return zone !== undefined && others.length === 0 ? zone : 'UTC';
}
