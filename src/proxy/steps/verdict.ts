import { phrasesIn } from '../../policy/messages/phrases.ts';
import type { Verdict } from '../../vocabulary/policy.ts';
import { decisionOn, type Priced } from '../passage.ts';
import { Failed } from '../stop.ts';
import { type FactStages, lookUp } from './look-up.ts';

/**
 * The rules' verdict on a query, with everything that they ask for looked up.
 * @throws Failed if nobody was free to read it: letting it run would let anybody who keeps the readers busy past the
 * rules
 */
export async function verdictOn(priced: Priced, stages: FactStages): Promise<Verdict> {
  const { policy, reading, estimate, cost, caller, team, atMs, id: decisionId } = priced;
  if (!priced.wasReadInTime) throw notReadInTime(priced);
  const background = await lookUp(priced, stages);
  return policy.decide({ reading, estimate, cost, caller, team, atMs, background, decisionId });
}

function notReadInTime(priced: Priced): Failed {
  const message = phrasesIn(priced.team.language)('notReadInTime');
  return new Failed(decisionOn(priced, 'failed', { cause: 'not read in time', cap: null }), {
    from: 'guardrail',
    content: { status: 503, reason: 'backendError', message },
  });
}
