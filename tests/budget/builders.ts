import type { ReserveRequest } from '../../src/budget/reservations/reserve.ts';
import type { Budget, BudgetLimit, Coverage } from '../../src/vocabulary/budget.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';
import type { Spend } from '../../src/vocabulary/spend.ts';

/** Noon in São Paulo. */
export const noon = Date.UTC(2026, 10, 24, 15);

export const HOUR_MS = 3_600_000;

/** USD 6.25 for a TiB anywhere, 5.40 BRL for a dollar, and no free tier. */
export const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: { byLocation: new Map(), otherwise: 6_250_000n },
  editions: null,
  freeBytesPerMonth: 0n,
  exchangeRates: [{ to: 'BRL', microsPerUnit: 5_400_000n, asOf: '2026-11-01' }],
};

export function bytesLimit(bytes: bigint): BudgetLimit {
  return { measure: 'bytes', bytes };
}

export function brlLimit(micros: bigint): BudgetLimit {
  return { measure: 'money', money: { currency: 'BRL', micros } };
}

/** A budget of 1,000 bytes a day in São Paulo that refuses, unless changed. */
export function budget(changes: Partial<Budget> = {}): Budget {
  return {
    name: 'atendimento-dia',
    subject: { team: 'atendimento' },
    per: null,
    window: 'day',
    timeZone: 'America/Sao_Paulo',
    limit: bytesLimit(1000n),
    whenExceeded: 'deny',
    warnAt: [],
    queue: { length: 0, waitMs: 0 },
    contact: null,
    teamContacts: [],
    source: { file: 'policies/atendimento.yaml', line: 1, column: 1 },
    ...changes,
  };
}

/** A budget of this many concurrent queries. */
export function atOnce(queries: bigint, changes: Partial<Budget> = {}): Budget {
  return budget({
    name: 'ao-mesmo-tempo',
    window: 'now',
    limit: { measure: 'at once', queries },
    ...changes,
  });
}

/** The one account of each budget. */
export function covering(...budgets: readonly Budget[]): readonly Coverage[] {
  return budgets.map((each) => ({ budget: each, account: '' }));
}

/** One query of these bytes, costing as many micros of a dollar and no slot time unless changed. */
export function spend(bytesBilled: bigint, micros = bytesBilled, slotMs = 0n): Spend {
  return { bytesBilled, cost: { currency: 'USD', micros }, slotMs, queries: 1n };
}

/** Reserves ten bytes of `budget()` at noon for a minute, unless changed. */
export function request(changes: Partial<ReserveRequest> = {}): ReserveRequest {
  const atMs = changes.atMs ?? noon;
  return {
    decisionId: 'a',
    atMs,
    coverages: covering(budget()),
    rulesHeld: [],
    pricing,
    spend: spend(10n),
    expiresAtMs: atMs + 60_000,
    replica: 'replica-1',
    ...changes,
  };
}
