import { formatBytes } from '../vocabulary/bytes.ts';
import { formatMoney, MICROS_PER_UNIT, type Money } from '../vocabulary/money.ts';
import type { Budget, Language, RuleHit, SourcePosition } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { Refusal, RefusalCause } from '../vocabulary/refusal.ts';
import { type BudgetBalance, left } from '../vocabulary/spend.ts';
import { type Phrases, phrasesIn } from './phrases.ts';

/**
 * A refusal as a person reads it in a BI tool's box: plain short lines that say what was refused and by what, what
 * it would cost, what is left and when it renews, what to do, and under which ID it is recorded.
 */
export function refusalMessage(refusal: Refusal, language: Language, pricing: Pricing): string {
  const phrases = phrasesIn(language);
  const { cause, balances } = refusal;
  const costs = costsOf(refusal, pricing).map((money) => formatMoney(money, language));
  return [
    ...refusedBy(cause, language, phrases),
    phrases.wouldCost(formatBytes(refusal.estimate.bytesBilled, language), costs),
    ...(balances.length === 0 ? [] : [phrases.left(refusal.team, balances.length)]),
    ...balances.map((balance) => `- ${balanceLine(balance, language, phrases)}`),
    nextStep(cause, language, phrases),
    phrases.decisionId(refusal.decisionId),
  ].join('\n');
}

function refusedBy(cause: RefusalCause, language: Language, phrases: Phrases): readonly string[] {
  if (cause.by === 'budget') {
    const { balance, asked } = cause;
    return [
      phrases.refusedByBudget(
        `${balance.budget.name} (${placeOf(balance.budget.source)})`,
        amount(balance.budget, asked, language),
        amount(balance.budget, left(balance), language),
      ),
    ];
  }
  const [first, ...more] = cause.hits;
  if (first === undefined) return [phrases.refused];
  return [first, ...more].flatMap((hit) => ruleLines(hit, phrases));
}

function ruleLines({ rule, source, message }: RuleHit, phrases: Phrases): readonly string[] {
  const refused = phrases.refusedByRule(`${rule} (${placeOf(source)})`);
  return message.trim() === '' ? [refused] : [refused, message.trim()];
}

function placeOf({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

function balanceLine(balance: BudgetBalance, language: Language, phrases: Phrases): string {
  const { budget, limit, window } = balance;
  return phrases.balance(
    budget.name,
    amount(budget, left(balance), language),
    amount(budget, limit, language),
    instant(window.endMs, budget.timeZone, language),
  );
}

function nextStep(cause: RefusalCause, language: Language, phrases: Phrases): string {
  if (cause.by === 'rule') return phrases.mendQuery;
  const { budget, window, limit } = cause.balance;
  // What is more than the whole limit never fits, however long one waits.
  if (cause.asked > limit) return phrases.shrinkQuery;
  return phrases.shrinkOrWait(instant(window.endMs, budget.timeZone, language));
}

/** The cost in the pricing currency, then in each other currency that a budget told of counts. */
function costsOf({ cause, estimate, balances }: Refusal, pricing: Pricing): readonly Money[] {
  const told = cause.by === 'budget' ? [cause.balance, ...balances] : balances;
  const currencies = new Set(told.flatMap(({ budget: { limit } }) => currencyOf(limit)));
  currencies.delete(estimate.cost.currency);
  const others = [...currencies].flatMap((currency) => exchanged(estimate.cost, currency, pricing));
  return [estimate.cost, ...others];
}

function currencyOf(limit: Budget['limit']): readonly string[] {
  return limit.measure === 'money' ? [limit.money.currency] : [];
}

/** Rounded up to a whole micro, as budgets count it; nothing where the pricing has no rate. */
function exchanged(cost: Money, currency: string, pricing: Pricing): readonly Money[] {
  const rate = pricing.exchangeRates.find(({ to }) => to === currency);
  if (rate === undefined || cost.currency !== pricing.currency) return [];
  return [{ currency, micros: (cost.micros * rate.microsPerUnit + MICROS_PER_UNIT - 1n) / MICROS_PER_UNIT }];
}

function amount({ limit }: Budget, value: bigint, language: Language): string {
  return limit.measure === 'bytes'
    ? formatBytes(value, language)
    : formatMoney({ currency: limit.money.currency, micros: value }, language);
}

function instant(atMs: number, timeZone: string, language: Language): string {
  const format = new Intl.DateTimeFormat(language, {
    dateStyle: 'medium',
    timeStyle: 'short',
    hourCycle: 'h23',
    timeZone,
  });
  return `${format.format(atMs)} (${timeZone})`;
}
