import type { Verdict } from '../../vocabulary/policy.ts';
import type { Priced } from '../passage.ts';

/** What the rules say of a query. */
export async function verdictOn({
  policy,
  reading,
  estimate,
  cost,
  caller,
  team,
  atMs,
}: Priced): Promise<Verdict> {
  return policy.decide({ reading, estimate, cost, caller, team, atMs });
}
