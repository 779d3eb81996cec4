import type { RedactedDecision } from '../../ops/redaction/redacted.ts';
import type { PageContext } from '../page.ts';
import { phrasesIn } from '../phrases/phrases.ts';

/** What a decision came to: what was billed, or else what was estimated. */
export function amountsOf({ settlement, estimate, estimatedCost, outcome }: RedactedDecision) {
  if (settlement !== null && outcome !== 'refused') {
    return { bytes: settlement.bytesBilled, money: settlement.cost, isBilled: true };
  }
  return { bytes: estimate?.bytesBilled ?? null, money: estimatedCost, isBilled: false };
}

/** Who asked, as far as is known: the person, or else the account. */
export function callerText({ caller }: RedactedDecision, context: PageContext): string {
  const phrases = phrasesIn(context.language);
  const { person, principal, tool } = caller;
  if (person !== null) return tool === null ? person : `${tool} ${person}`;
  return principal ?? phrases.nobody;
}
