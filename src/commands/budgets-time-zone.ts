import type { Policy } from '../policy/policy.ts';

/** Where the budgets' days begin, as far as they agree, else UTC. Limits of queries at once have no days. */
export function timeZoneOf({ budgets }: Pick<Policy, 'budgets'>): string {
  const withDays = budgets.filter(({ limit }) => limit.measure !== 'at once');
  const [zone, ...others] = new Set(withDays.map(({ timeZone }) => timeZone));
  return zone !== undefined && others.length === 0 ? zone : 'UTC';
}
