import type { Policy } from './policy.ts';

/** Where the budgets' days begin, as far as they agree, else UTC. */
export function timeZoneOf({ budgets }: Pick<Policy, 'budgets'>): string {
  const [zone, ...others] = new Set(budgets.map(({ timeZone }) => timeZone));
  return zone !== undefined && others.length === 0 ? zone : 'UTC';
}
