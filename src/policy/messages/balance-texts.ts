import { formatInstant } from '../../foundation/calendar/instant.ts';
import type { Language } from '../../foundation/text/language.ts';
import {
  type BudgetWindow,
  formatAmountOf,
  isRolling,
  rollingHours,
  UNNAMED_ACCOUNT,
} from '../../vocabulary/budget.ts';
import { fileAndLine } from '../../vocabulary/policy.ts';
import type { RefusalCause } from '../../vocabulary/refusal.ts';
import { type BudgetBalance, remaining } from '../../vocabulary/spend.ts';
import { NOTHING, type Period } from './phrase-arguments.ts';
import type { Say } from './phrases.ts';

type BudgetCause = Extract<RefusalCause, { readonly by: 'budget' }>;

/** Why a budget refuses: which one, what was asked of it and what it holds. */
export function budgetRefusal(cause: BudgetCause, language: Language, say: Say): string {
  const { balance, requested, waited } = cause;
  const { budget } = balance;
  const name = `${nameOf(balance, say)} (${fileAndLine(budget.source)})`;
  const limit = limitOf(balance, language, say);
  switch (budget.limit.measure) {
    case 'at once': {
      if (waited === 'too long') {
        return say('waitedTooLong', { budget: name, waited: seconds(budget.queue.waitMs, language), limit });
      }
      const running = Number(balance.used + balance.reserved);
      return say('queueIsFull', { budget: name, running, waiting: budget.queue.length });
    }
    case 'queries':
      return say('noQueryLeft', { budget: name, limit, ...periodOf(budget.window) });
    default: {
      const rest = remaining(balance);
      return say('takesTooMuch', {
        budget: name,
        asked: formatAmountOf(balance.budget.limit, requested, language),
        left: rest === 0n ? NOTHING : formatAmountOf(balance.budget.limit, rest, language),
      });
    }
  }
}

/** The state of one budget. */
export function balanceLine(balance: BudgetBalance, language: Language, say: Say): string {
  const { budget, window, used, reserved } = balance;
  const { measure } = budget.limit;
  const parts = { budget: nameOf(balance, say), limit: limitOf(balance, language, say) };
  const taken = used + reserved;
  if (measure === 'at once') return say('atOnceBalance', { ...parts, running: count(taken, language) });
  const rest =
    measure === 'queries'
      ? count(remaining(balance), language)
      : formatAmountOf(balance.budget.limit, remaining(balance), language);
  const endsAt = formatInstant(window.endMs, budget.timeZone, language);
  if (!isRolling(budget.window)) return say('balance', { ...parts, left: rest, renewsAt: endsAt });
  const freedAt = taken === 0n ? NOTHING : endsAt;
  return say('rollingBalance', { ...parts, left: rest, freedAt, ...periodOf(budget.window) });
}

/**
 * What somebody who was refused by a budget can do.
 * @param contact whom to ask, or `NOTHING`
 */
export function remedies(cause: BudgetCause, contact: string, language: Language, say: Say): string {
  const { balance, requested, matchedRules } = cause;
  const { measure } = balance.budget.limit;
  const isOfSize = measure !== 'queries' && measure !== 'at once';
  // A query that needs more than the whole limit never fits, however long one waits.
  const everFits = requested <= balance.limit;
  if (isOfSize && !everFits && matchedRules.length === 0) return say('neverFits', { contact });
  const ways = [
    ...(matchedRules.length > 0 ? [say('avoidRules')] : []),
    ...(isOfSize ? [say('shrink')] : []),
    ...(everFits ? [waitFor(balance, language, say)] : []),
    say('ask', { contact }),
  ];
  return say('whatToDo', { ways: new Intl.ListFormat(language, { type: 'disjunction' }).format(ways) });
}

function waitFor({ budget, window }: BudgetBalance, language: Language, say: Say): string {
  if (budget.window === 'now') return say('tryAgain');
  const endsAt = formatInstant(window.endMs, budget.timeZone, language);
  return isRolling(budget.window)
    ? say('waitForOldest', { freedAt: endsAt })
    : say('waitUntilRenewal', { renewsAt: endsAt });
}

/** A budget's name, with the account if it has several: `per-person, metabase:12`. */
function nameOf({ budget, account }: BudgetBalance, say: Say): string {
  if (budget.per === null) return budget.name;
  const accountName =
    account === UNNAMED_ACCOUNT ? say('unnamed', { kind: budget.per }) : account.replace(/^:/, '');
  return `${budget.name}, ${accountName}`;
}

function limitOf(balance: BudgetBalance, language: Language, say: Say): string {
  const limit = formatAmountOf(balance.budget.limit, balance.limit, language);
  if (balance.granted === 0n) return limit;
  return say('raised', { limit, granted: formatAmountOf(balance.budget.limit, balance.granted, language) });
}

function periodOf(window: BudgetWindow): Period {
  return isRolling(window) ? { window: 'rolling', hours: rollingHours(window) } : { window, hours: 0 };
}

function count(amount: bigint, language: Language): string {
  return new Intl.NumberFormat(language).format(amount);
}

function seconds(ms: number, language: Language): string {
  const format = new Intl.NumberFormat(language, { style: 'unit', unit: 'second', unitDisplay: 'long' });
  return format.format(ms / 1000);
}
