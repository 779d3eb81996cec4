import { storable } from '../ledger/amount.ts';
import type { LedgerTransaction } from '../ledger/ledger.ts';
import type { Micros } from '../vocabulary/money.ts';
import type { Budget } from '../vocabulary/policy.ts';
import type { Pricing } from '../vocabulary/pricing.ts';
import type { BudgetBalance, Spend } from '../vocabulary/spend.ts';
import { amountOf, exchangeMicrosOf } from './amounts.ts';
import { BudgetError } from './errors.ts';
import {
  addToWindow,
  type BudgetWindowRef,
  keyOf,
  lockBalances,
  readBalances,
  windowsAt,
} from './standing.ts';

/** What to take out of which budgets, until the query's true cost is known. */
export interface ReserveRequest {
  readonly decisionId: string;
  /** When the query was admitted: says which window of each budget pays. */
  readonly atMs: number;
  /** Every budget that covers the query, each once. */
  readonly budgets: readonly Budget[];
  readonly pricing: Pricing;
  /** The most that the query can come to, in the pricing's currency. */
  readonly spend: Spend;
  /** After this a reservation that nothing settled is charged in full. */
  readonly expiresAtMs: number;
}

export type ReserveOutcome =
  | {
      readonly reserved: true;
      /** Every budget of the request, with this reservation in it. */
      readonly balances: readonly BudgetBalance[];
      /** The budgets of mode warn that now hold more than their limit. */
      readonly exceededWarnings: readonly BudgetBalance[];
    }
  | {
      readonly reserved: false;
      /** The first budget, in the request's order, that does not hold what was asked. */
      readonly balance: BudgetBalance;
      /** What was asked of it, in its unit. */
      readonly asked: bigint;
      /** Every budget of the request, as it was found. */
      readonly balances: readonly BudgetBalance[];
    };

/** What is asked of one budget. */
interface Claim extends BudgetWindowRef {
  readonly exchangeMicros: Micros | null;
  readonly amount: bigint;
}

/** What the request asks of each budget. */
export function claimsOf(request: ReserveRequest): readonly Claim[] {
  const { spend, pricing } = request;
  if (spend.cost.currency !== pricing.currency) {
    throw new BudgetError(
      'wrong currency',
      `Decision ${request.decisionId} costs ${spend.cost.currency}, and its pricing is in ${pricing.currency}.`,
      'Price a query by the pricing that it is reserved with.',
    );
  }
  return windowsAt(request.budgets, request.atMs).map((ref) => {
    const exchangeMicros = exchangeMicrosOf(ref.budget, pricing);
    return { ...ref, exchangeMicros, amount: amountOf(spend, ref.unit, exchangeMicros) };
  });
}

/** Reserves every claim, or none. */
export async function reserveClaims(
  db: LedgerTransaction,
  request: ReserveRequest,
  claims: readonly Claim[],
): Promise<ReserveOutcome> {
  if (await isHeld(db, request, claims)) return reserved(await readBalances(db, claims));
  const standing = await lockBalances(db, claims);
  const refusal = firstRefusal(claims, standing);
  if (refusal !== null) return refusal;
  await insertReservation(db, request, claims);
  for (const claim of claims) await addToWindow(db, keyOf(claim), { used: 0n, reserved: claim.amount });
  return reserved(withClaims(claims, standing));
}

function firstRefusal(claims: readonly Claim[], standing: readonly BudgetBalance[]): ReserveOutcome | null {
  for (const [i, balance] of standing.entries()) {
    const asked = claims[i]?.amount ?? 0n;
    const fits = balance.used + balance.reserved + asked <= balance.limit;
    if (!fits && balance.budget.whenExceeded === 'deny') {
      return { reserved: false, balance, asked, balances: standing };
    }
  }
  return null;
}

function withClaims(claims: readonly Claim[], standing: readonly BudgetBalance[]): readonly BudgetBalance[] {
  return standing.map((balance, i) => ({
    ...balance,
    reserved: balance.reserved + (claims[i]?.amount ?? 0n),
  }));
}

function reserved(balances: readonly BudgetBalance[]): ReserveOutcome {
  const exceededWarnings = balances.filter(
    ({ budget, limit, used, reserved }) => budget.whenExceeded === 'warn' && used + reserved > limit,
  );
  return { reserved: true, balances, exceededWarnings };
}

/**
 * Whether the decision holds just these claims already.
 * @throws BudgetError where it holds others, or holds them no more: taking that for a yes would let a query run that
 * no budget pays for
 */
async function isHeld(
  db: LedgerTransaction,
  request: ReserveRequest,
  claims: readonly Claim[],
): Promise<boolean> {
  const held = await db
    .selectFrom('reservations')
    .selectAll()
    .where('decision_id', '=', request.decisionId)
    .executeTakeFirst();
  if (held === undefined) return false;
  const parts = await db
    .selectFrom('reservation_parts')
    .selectAll()
    .where('decision_id', '=', request.decisionId)
    .execute();
  const same =
    held.bytes_billed === request.spend.bytesBilled &&
    held.cost_micros === request.spend.cost.micros &&
    parts.length === claims.length &&
    claims.every((claim) => parts.some((part) => isPartOf(part, claim)));
  if (held.state === 'open' && same) return true;
  throw new BudgetError(
    'reserved otherwise',
    `Decision ${request.decisionId} ${held.state === 'open' ? 'holds another reservation' : 'is settled'} already.`,
    'Reserve under a new decision ID.',
  );
}

function isPartOf(part: { budget: string; window_key: string; unit: string; amount: bigint }, claim: Claim) {
  const key = keyOf(claim);
  return (
    part.budget === key.budget &&
    part.window_key === key.window_key &&
    part.unit === key.unit &&
    part.amount === claim.amount
  );
}

async function insertReservation(
  db: LedgerTransaction,
  request: ReserveRequest,
  claims: readonly Claim[],
): Promise<void> {
  const { decisionId, spend } = request;
  await db
    .insertInto('reservations')
    .values({
      decision_id: decisionId,
      state: 'open',
      created_at_ms: BigInt(request.atMs),
      expires_at_ms: BigInt(request.expiresAtMs),
      settled_at_ms: null,
      bytes_billed: storable(spend.bytesBilled, 'The count of bytes billed'),
      cost_micros: storable(spend.cost.micros, `The cost in micros of ${spend.cost.currency}`),
      currency: spend.cost.currency,
    })
    .execute();
  if (claims.length === 0) return;
  await db
    .insertInto('reservation_parts')
    .values(
      claims.map((claim) => ({
        decision_id: decisionId,
        ...keyOf(claim),
        amount: claim.amount,
        exchange_micros: claim.exchangeMicros,
        settled_amount: null,
      })),
    )
    .execute();
}
