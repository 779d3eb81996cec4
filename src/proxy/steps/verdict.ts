import type { Verdict } from '../../vocabulary/policy.ts';
import type { Priced } from '../passage.ts';
import { type FactStages, lookUp } from './look-up.ts';

/** What the rules say of a query, with all that they ask for looked up. */
export async function verdictOn(priced: Priced, stages: FactStages): Promise<Verdict> {
  const { policy, reading, estimate, cost, caller, team, atMs, id: decisionId } = priced;
  const background = await lookUp(priced, stages);
  return policy.decide({ reading, estimate, cost, caller, team, atMs, background, decisionId });
}
