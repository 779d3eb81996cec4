import { formatAmount, rollingHours, UNNAMED_ACCOUNT, unitOf } from '../vocabulary/budget.ts';
import type { Language, SourcePosition } from '../vocabulary/policy.ts';
import type { RefusalCause } from '../vocabulary/refusal.ts';
import { type BudgetBalance, left } from '../vocabulary/spend.ts';
import type { Phrases } from './phrases.ts';

type BudgetCause = Extract<RefusalCause, { readonly by: 'budget' }>;

/** The first line of a refusal by a budget: which, what was asked of it and what it holds. */
export function budgetRefusal(cause: BudgetCause, language: Language, phrases: Phrases): string {
  const { balance, asked, waited } = cause;
  const { budget } = balance;
  const name = `${nameOf(balance, phrases)} (${placeOf(budget.source)})`;
  switch (budget.limit.measure) {
    case 'at once':
      return waited === 'too long'
        ? phrases.waitedTooLong(
            name,
            seconds(budget.queue.waitMs, language),
            limitOf(balance, language, phrases),
          )
        : phrases.queueIsFull(name, Number(balance.used + balance.reserved), budget.queue.length);
    case 'queries':
      return phrases.noQueryLeft(name, limitOf(balance, language, phrases), budget.window);
    default: {
      const rest = left(balance);
      return phrases.takesTooMuch(
        name,
        amountOf(balance, asked, language),
        rest === 0n ? null : amountOf(balance, rest, language),
      );
    }
  }
}

/** How one budget stands. */
export function balanceLine(balance: BudgetBalance, language: Language, phrases: Phrases): string {
  const { budget, window, used, reserved } = balance;
  const { measure } = budget.limit;
  const name = nameOf(balance, phrases);
  const limit = limitOf(balance, language, phrases);
  const taken = used + reserved;
  if (measure === 'at once') return phrases.atOnceBalance(name, count(taken, language), limit);
  const rest =
    measure === 'queries' ? count(left(balance), language) : amountOf(balance, left(balance), language);
  const endsAt = instant(window.endMs, budget.timeZone, language);
  return rollingHours(budget.window) === null
    ? phrases.balance(name, rest, limit, endsAt)
    : phrases.rollingBalance(name, rest, limit, budget.window, taken === 0n ? null : endsAt);
}

/** What a person can do who was refused by a budget. */
export function waysOut(cause: BudgetCause, language: Language, phrases: Phrases): string {
  const { balance, asked, caughtBy } = cause;
  const { measure } = balance.budget.limit;
  const isOfSize = measure !== 'queries' && measure !== 'at once';
  // What is more than the whole limit never fits, however long one waits.
  const everFits = asked <= balance.limit;
  if (isOfSize && !everFits && caughtBy.length === 0) return phrases.neverFits;
  const ways = [
    ...(caughtBy.length > 0 ? [phrases.avoidRules] : []),
    ...(isOfSize ? [phrases.shrink] : []),
    ...(everFits ? [waitFor(balance, language, phrases)] : []),
    phrases.ask,
  ];
  return phrases.whatToDo(new Intl.ListFormat(language, { type: 'disjunction' }).format(ways));
}

function waitFor({ budget, window }: BudgetBalance, language: Language, phrases: Phrases): string {
  if (budget.window === 'now') return phrases.tryAgain;
  const endsAt = instant(window.endMs, budget.timeZone, language);
  return rollingHours(budget.window) === null
    ? phrases.waitUntilRenewal(endsAt)
    : phrases.waitForOldest(endsAt);
}

export function placeOf({ file, line }: SourcePosition): string {
  return `${file}:${line}`;
}

/** A budget's name, with the account where it has several: `per-person, metabase:12`. */
function nameOf({ budget, account }: BudgetBalance, { unnamed }: Phrases): string {
  if (budget.per === null) return budget.name;
  const own = account === UNNAMED_ACCOUNT ? unnamed[budget.per] : account.replace(/^:/, '');
  return `${budget.name}, ${own}`;
}

function limitOf(balance: BudgetBalance, language: Language, phrases: Phrases): string {
  const limit = amountOf(balance, balance.limit, language);
  return balance.granted > 0n ? phrases.raised(limit, amountOf(balance, balance.granted, language)) : limit;
}

/** Queries at once are told as queries: the sentence around them says the rest. */
function amountOf({ budget }: BudgetBalance, amount: bigint, language: Language): string {
  const unit = unitOf(budget.limit);
  return formatAmount(unit === 'at once' ? 'queries' : unit, amount, language);
}

function count(amount: bigint, language: Language): string {
  return new Intl.NumberFormat(language).format(amount);
}

function seconds(ms: number, language: Language): string {
  const format = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' });
  return format.format(ms / 1000);
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
