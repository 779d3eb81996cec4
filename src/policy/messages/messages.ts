import type { Language } from '../../foundation/text/language.ts';
import { formatAmount, unitOf } from '../../vocabulary/budget.ts';
import { formatMoney } from '../../vocabulary/money.ts';
import { fileAndLine, type RuleHit } from '../../vocabulary/policy.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import type { Refusal, RefusalCause } from '../../vocabulary/refusal.ts';
import { costInBudgets } from '../../vocabulary/spend.ts';
import { balanceLine, budgetRefusal, remedies } from './balance-texts.ts';
import { NOTHING } from './phrase-arguments.ts';
import { phrasesIn, type Say } from './phrases.ts';
import { rewriteLine } from './rewrite-texts.ts';

/**
 * A refusal as a person reads it in a BI tool's small box: the first line says what it would scan and cost and what
 * refused it. Then come the reason and what to do, then its page in the console, or the ID under which it is recorded.
 * The state of the budgets comes last, for those who scroll.
 */
export function refusalMessage(refusal: Refusal, language: Language, pricing: Pricing): string {
  const say = phrasesIn(language);
  const { cause, contacts, balances } = refusal;
  const contact = contacts.length === 0 ? NOTHING : listOf(contacts, language);
  const estimate = estimateOf(refusal, language, pricing);
  const reason = reasonOf(cause, language, say);
  return [
    reason === null ? say('refused', { estimate }) : say('refusedSince', { estimate, reason }),
    ...explanation(cause, language, say),
    cause.by === 'rule' ? say('fixQuery', { contact }) : remedies(cause, contact, language, say),
    ...refusal.rewrites.slice(0, 1).map((best) => rewriteLine(best, language, say)),
    refusal.page === null
      ? say('decisionId', { id: refusal.decisionId })
      : say('decisionPage', { page: refusal.page }),
    ...(balances.length === 0 ? [] : [say('left', { budgets: balances.length })]),
    ...balances.map((balance) => `- ${balanceLine(balance, language, say)}`),
  ].join('\n');
}

/** What refused it; null if no rule is named. */
function reasonOf(cause: RefusalCause, language: Language, say: Say): string | null {
  if (cause.by === 'budget') return budgetRefusal(cause, language, say);
  const { hits } = cause;
  return hits.length === 0 ? null : say('byRules', { rules: placesOf(hits, language), count: hits.length });
}

/** The rules' own messages. */
function explanation(cause: RefusalCause, language: Language, say: Say): readonly string[] {
  if (cause.by === 'rule') return cause.hits.flatMap(messagesOf);
  const { matchedRules } = cause;
  if (matchedRules.length === 0) return [];
  const rules = placesOf(matchedRules, language);
  return [say('matchedRules', { rules, count: matchedRules.length }), ...matchedRules.flatMap(messagesOf)];
}

function placesOf(hits: readonly RuleHit[], language: Language): string {
  return listOf(
    hits.map(({ rule, source }) => `${rule} (${fileAndLine(source)})`),
    language,
  );
}

function listOf(parts: readonly string[], language: Language): string {
  return new Intl.ListFormat(language, { type: 'conjunction' }).format(parts);
}

/** A rule that only watches may have no message. */
function messagesOf({ message }: RuleHit): readonly string[] {
  return message.trim() === '' ? [] : [message.trim()];
}

function estimateOf(refusal: Refusal, language: Language, pricing: Pricing): string {
  const { estimate, cause, balances } = refusal;
  const mentioned = cause.by === 'budget' ? [cause.balance, ...balances] : balances;
  const units = new Set(mentioned.map(({ budget }) => unitOf(budget.limit)));
  const others = costInBudgets(estimate.cost, mentioned, pricing).map((money) =>
    formatMoney(money, language),
  );
  return phrasesIn(language)('estimate', {
    bytes: formatAmount('bytes', estimate.bytesBilled, language),
    slotTime: units.has('slot-ms') ? formatAmount('slot-ms', estimate.slotMs, language) : NOTHING,
    cost: formatMoney(estimate.cost, language),
    others: others.length === 0 ? NOTHING : others.join(', '),
  });
}
