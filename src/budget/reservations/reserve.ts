import { storable } from '../../ledger/storable.ts';
import type { Budget, Coverage } from '../../vocabulary/budget.ts';
import type { Micros } from '../../vocabulary/money.ts';
import type { Pricing } from '../../vocabulary/pricing.ts';
import type { BudgetBalance, Spend } from '../../vocabulary/spend.ts';
import { type AccountKey, type AccountWindow, accountWindowsAt, countedUntilMs, keyOf } from '../accounts.ts';
import { amountOf, exchangeMicrosOf } from '../amounts.ts';
import { BudgetError } from '../errors.ts';
import type { HeldReservation } from './held.ts';
import type { LockedAccounts } from './locked-accounts.ts';

/** What to take from which budgets, until the query's true cost is known. */
export interface ReserveRequest {
  readonly decisionId: string;
  /** When the query was admitted, which decides which window of each budget pays. */
  readonly atMs: number;
  /** Every budget that covers the query, each once, with the account that pays. */
  readonly coverages: readonly Coverage[];
  /** The rules that held for the query: some budgets refuse only for these. */
  readonly rulesHeld: readonly string[];
  readonly pricing: Pick<Pricing, 'currency' | 'exchangeRates'>;
  /** The most that the query can cost, in the pricing's currency. */
  readonly spend: Spend;
  /** A reservation that is not settled by then is charged in full. */
  readonly expiresAtMs: number;
  /** The process that admits it. */
  readonly replica: string;
  /** True for a query that has already run: it counts, whatever is left in the budgets. */
  readonly regardless?: boolean;
}

/** Either all budgets have room for the query, or none is charged. */
export type ReserveOutcome =
  | {
      readonly reserved: true;
      /** Every budget of the request, including this reservation. */
      readonly balances: readonly BudgetBalance[];
    }
  | {
      readonly reserved: false;
      /** The first budget, in the request's order, that has no room; one that can be waited for comes last. */
      readonly balance: BudgetBalance;
      /** What was requested from it, in its unit. */
      readonly asked: bigint;
      /** Every budget of the request, as it was before. */
      readonly balances: readonly BudgetBalance[];
    };

/** What is requested from one budget. */
export interface Claim extends AccountWindow {
  readonly key: AccountKey;
  readonly exchangeMicros: Micros | null;
  readonly amount: bigint;
  /** False if the query passes even if it does not fit. */
  readonly binding: boolean;
}

/**
 * What the request takes from each budget.
 * @throws BudgetError if the spend is not in the pricing's currency, or a rate is missing
 */
export function claimsOf(request: ReserveRequest): readonly Claim[] {
  const { spend, pricing } = request;
  if (spend.cost.currency !== pricing.currency) {
    throw new BudgetError(
      'wrong currency',
      `Decision ${request.decisionId} costs ${spend.cost.currency}, and its pricing is in ${pricing.currency}.`,
      'Price a query by the pricing that it is reserved with.',
    );
  }
  return accountWindowsAt(request.coverages, request.atMs).map((window) => {
    const exchangeMicros = exchangeMicrosOf(window.budget, pricing);
    return {
      ...window,
      key: keyOf(window),
      exchangeMicros,
      amount: amountOf(spend, window.unit, exchangeMicros),
      binding: request.regardless !== true && binds(window.budget, request.rulesHeld),
    };
  });
}

/** Whether a budget without room for a query refuses it. */
export function binds({ whenExceeded }: Budget, rulesHeld: readonly string[]): boolean {
  if (typeof whenExceeded === 'string') return whenExceeded === 'deny';
  return whenExceeded.only.some((rule) => rulesHeld.includes(rule));
}

/**
 * Reserves every claim on its account, or none.
 * @param held what the decision holds already, or null
 * @throws BudgetError if it holds something else, or no longer holds it: taking that for a yes would let a query run
 * that no budget pays for; LedgerError if a sum is out of range
 */
export function reserveOn(
  accounts: LockedAccounts,
  request: ReserveRequest,
  claims: readonly Claim[],
  held: HeldReservation | null,
): ReserveOutcome {
  if (held !== null) refuseOther(held, request, claims);
  const standing = claims.map((claim) => accounts.balance(claim));
  if (held !== null) return { reserved: true, balances: standing };
  const refusal = firstRefusal(claims, standing);
  if (refusal !== null) return refusal;
  accounts.add(
    claims.map((claim) => ({
      key: claim.key,
      used: 0n,
      reserved: claim.amount,
      endsAtMs: countedUntilMs(claim),
    })),
  );
  return { reserved: true, balances: claims.map((claim) => accounts.balance(claim)) };
}

function firstRefusal(claims: readonly Claim[], standing: readonly BudgetBalance[]): ReserveOutcome | null {
  const short = claims.flatMap(({ amount, binding }, i) => {
    const balance = standing[i];
    if (balance === undefined || !binding) return [];
    return balance.used + balance.reserved + amount <= balance.limit ? [] : [{ balance, asked: amount }];
  });
  const [first] = short.toSorted((a, b) => Number(isWaitedFor(a.balance)) - Number(isWaitedFor(b.balance)));
  return first === undefined ? null : { reserved: false, ...first, balances: standing };
}

/** Places for queries at once become free by themselves; waiting for one only helps if everything else fits. */
export function isWaitedFor({ budget }: BudgetBalance): boolean {
  return budget.limit.measure === 'at once';
}

function refuseOther(
  { row, parts }: HeldReservation,
  request: ReserveRequest,
  claims: readonly Claim[],
): void {
  const same =
    row.bytes_billed === request.spend.bytesBilled &&
    row.cost_micros === request.spend.cost.micros &&
    parts.length === claims.length &&
    claims.every(({ key, amount }) =>
      parts.some(
        (part) =>
          part.budget === key.budget &&
          part.account === key.account &&
          part.window_key === key.window_key &&
          part.unit === key.unit &&
          part.amount === amount,
      ),
    );
  if (row.state === 'open' && same) return;
  throw new BudgetError(
    'reserved otherwise',
    `Decision ${request.decisionId} ${row.state === 'open' ? 'holds another reservation' : 'is settled'} already.`,
    'Reserve under a new decision ID.',
  );
}

/** A new reservation with these claims. */
export function newReservation(request: ReserveRequest, claims: readonly Claim[]): HeldReservation {
  const { decisionId, spend } = request;
  return {
    row: {
      decision_id: decisionId,
      state: 'open',
      created_at_ms: BigInt(request.atMs),
      expires_at_ms: BigInt(request.expiresAtMs),
      settled_at_ms: null,
      bytes_billed: storable(spend.bytesBilled, 'The count of bytes billed'),
      cost_micros: storable(spend.cost.micros, `The cost in micros of ${spend.cost.currency}`),
      currency: spend.cost.currency,
      replica: request.replica,
      slot_ms: storable(spend.slotMs, 'The count of slot-milliseconds'),
    },
    parts: claims.map(({ key, amount, exchangeMicros }) => ({
      decision_id: decisionId,
      ...key,
      amount,
      exchange_micros: exchangeMicros,
      settled_amount: null,
    })),
  };
}
