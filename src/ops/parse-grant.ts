import { z } from 'zod';
import { DAY_MS } from '../foundation/calendar/durations.ts';
import { parseLimit } from '../policy/document/amounts.ts';
import { amountOfLimit, type Budget, unitOf } from '../vocabulary/budget.ts';

/** If more is needed for longer than this, raise the limit instead. */
export const MAX_GRANT_MS = 92 * DAY_MS;

/** PostgreSQL keeps no text with this character. */
const withoutNul = [(text: string) => !text.includes('\0'), 'text without the character NUL'] as const;

const text = (what: string) =>
  z
    .string(what)
    .trim()
    .min(1, what)
    .max(500)
    .refine(...withoutNul);

const AMOUNT = 'an amount such as 5 GiB, 50 BRL, 2 slot-hours, 100 queries or 2 at once';
const UNTIL = 'an instant such as 2026-11-30T18:00:00-03:00';

/** The body of a request for a grant. */
export const grantBody = z.strictObject({
  budget: z.string('the name of a budget').describe('the name of a budget'),
  account: z
    .string()
    .refine(...withoutNul)
    .optional()
    .describe('one account of a budget that is split; default: each of them'),
  amount: z.string(AMOUNT).describe(AMOUNT),
  reason: text('why it is given').describe('why it is given'),
  to: text('whom it is given to').describe('whom it is given to'),
  until: z.iso.datetime({ offset: true, error: UNTIL }).describe(`${UNTIL}, 92 days from now at the most`),
});

/** A grant that makes sense, whoever gives it. */
export interface GrantInput {
  readonly budget: string;
  readonly account: string;
  readonly unit: string;
  readonly amount: bigint;
  readonly reason: string;
  readonly to: string;
  readonly expiresAtMs: number;
}

/** Why a grant makes no sense. */
export interface GrantProblem {
  readonly problem: 'incomplete' | 'no such budget' | 'one account' | 'other unit' | 'passed' | 'too long';
  /** The reason in words, with what was expected. */
  readonly error: string;
}

/** The grant that a request's body describes, or why there is none. */
export function parseGrant(
  body: unknown,
  budgets: readonly Budget[],
  nowMs: number,
): GrantInput | GrantProblem {
  const parsed = grantBody.safeParse(body);
  if (!parsed.success) return { problem: 'incomplete', error: z.prettifyError(parsed.error) };
  const { budget: name, account = '', amount, reason, to, until } = parsed.data;
  const budget = budgets.find((each) => each.name === name);
  if (budget === undefined) {
    const names = budgets.map((each) => each.name).join(', ');
    return { problem: 'no such budget', error: `there is no budget ${name}; there are ${names}` };
  }
  if (account !== '' && budget.per === null) {
    return { problem: 'one account', error: `budget ${name} has one account: leave account out` };
  }
  const granted = amountIn(budget, amount);
  const unit = unitOf(budget.limit);
  if (granted === null) {
    return { problem: 'other unit', error: `budget ${name} counts ${unit}, which ${amount} is not` };
  }
  const expiresAtMs = Date.parse(until);
  if (expiresAtMs <= nowMs) return { problem: 'passed', error: `until ${until} has passed` };
  if (expiresAtMs > nowMs + MAX_GRANT_MS) {
    const error = 'a grant lasts 92 days at most: change the limit in the policy files instead';
    return { problem: 'too long', error };
  }
  return { budget: name, account, unit, amount: granted, reason, to, expiresAtMs };
}

/** A positive amount in the unit of the budget, or null. */
function amountIn(budget: Budget, text: string): bigint | null {
  const parsed = parseLimit(text);
  if (parsed === null || unitOf(parsed) !== unitOf(budget.limit)) return null;
  const amount = amountOfLimit(parsed);
  return amount > 0n ? amount : null;
}
