import { formatAmount, unitOf } from '../vocabulary/budget.ts';
import { formatMoney, MICROS_PER_UNIT, type Money } from '../vocabulary/money.ts';
import type { Language, RuleHit } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { Refusal, RefusalCause } from '../vocabulary/refusal.ts';
import type { BudgetBalance } from '../vocabulary/spend.ts';
import { balanceLine, budgetRefusal, placeOf, waysOut } from './balance-texts.ts';
import { type Phrases, phrasesIn } from './phrases.ts';
import { rewriteLine } from './rewrite-texts.ts';

/**
 * A refusal as a person reads it in a BI tool's box: plain short lines that say what was refused and by what, what
 * it would cost, what is left and when it renews, what to do, and under which ID it is recorded.
 */
export function refusalMessage(refusal: Refusal, language: Language, pricing: Pricing): string {
  const phrases = phrasesIn(language);
  const { cause, balances } = refusal;
  return [
    ...refusedBy(cause, language, phrases),
    costLine(refusal, language, pricing),
    ...(balances.length === 0 ? [] : [phrases.left(balances.length)]),
    ...balances.map((balance) => `- ${balanceLine(balance, language, phrases)}`),
    cause.by === 'rule' ? phrases.mendQuery : waysOut(cause, language, phrases),
    ...refusal.rewrites.slice(0, 1).map((best) => rewriteLine(best, language)),
    phrases.decisionId(refusal.decisionId),
  ].join('\n');
}

function refusedBy(cause: RefusalCause, language: Language, phrases: Phrases): readonly string[] {
  if (cause.by === 'rule') {
    return cause.hits.length === 0
      ? [phrases.refused]
      : cause.hits.flatMap((hit) => [phrases.refusedByRule(placed(hit)), ...wordsOf(hit)]);
  }
  const { caughtBy } = cause;
  const rules = new Intl.ListFormat(language, { type: 'conjunction' }).format(caughtBy.map(placed));
  return [
    budgetRefusal(cause, language, phrases),
    ...(caughtBy.length === 0 ? [] : [phrases.caughtBy(rules, caughtBy.length)]),
    ...caughtBy.flatMap(wordsOf),
  ];
}

function placed({ rule, source }: RuleHit): string {
  return `${rule} (${placeOf(source)})`;
}

/** A rule that only watches may have no message. */
function wordsOf({ message }: RuleHit): readonly string[] {
  return message.trim() === '' ? [] : [message.trim()];
}

function costLine(refusal: Refusal, language: Language, pricing: Pricing): string {
  const { estimate, cause, balances } = refusal;
  const told = cause.by === 'budget' ? [cause.balance, ...balances] : balances;
  const units = new Set(told.map(({ budget }) => unitOf(budget.limit)));
  return phrasesIn(language).wouldCost(
    formatAmount('bytes', estimate.bytesBilled, language),
    units.has('slot-ms') ? formatAmount('slot-ms', estimate.slotMs, language) : null,
    costsOf(estimate.cost, told, pricing).map((money) => formatMoney(money, language)),
  );
}

/** The cost in the pricing currency, then in each other currency that a budget told of counts. */
function costsOf(cost: Money, told: readonly BudgetBalance[], pricing: Pricing): readonly Money[] {
  const currencies = new Set(
    told.flatMap(({ budget: { limit } }) => (limit.measure === 'money' ? [limit.money.currency] : [])),
  );
  currencies.delete(cost.currency);
  return [cost, ...[...currencies].flatMap((currency) => exchanged(cost, currency, pricing))];
}

/** Rounded up to a whole micro, as budgets count it; nothing where the pricing has no rate. */
function exchanged(cost: Money, currency: string, pricing: Pricing): readonly Money[] {
  const rate = pricing.exchangeRates.find(({ to }) => to === currency);
  if (rate === undefined || cost.currency !== pricing.currency) return [];
  return [{ currency, micros: (cost.micros * rate.microsPerUnit + MICROS_PER_UNIT - 1n) / MICROS_PER_UNIT }];
}
