import type { Admission } from '../../../src/books/books.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type { Budget, BudgetLimit } from '../../../src/vocabulary/budget.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import {
  costOf,
  onDemandTariff,
  type Pricing,
  slotTariff,
  type Tariff,
} from '../../../src/vocabulary/pricing.ts';
import type { UnpricedSettlement } from '../../../src/vocabulary/unpriced-settlement.ts';
import { budget, HOUR_MS } from '../../budget/builders.ts';
import { decision, estimateOf } from '../../records/builders.ts';
import { job } from '../../reports/reconciliation/builders.ts';
import { reading } from '../../vocabulary/readings.ts';
import { type Draft, type Prices, ZONE } from './drafts.ts';

const LIMITS: Readonly<Record<string, BudgetLimit>> = {
  bytes: { measure: 'bytes', bytes: 1n << 60n },
  dollars: { measure: 'money', money: { currency: 'USD', micros: 1n << 60n } },
  reais: { measure: 'money', money: { currency: 'BRL', micros: 1n << 60n } },
  'slot time': { measure: 'slot time', slotMs: 1n << 60n },
  queries: { measure: 'queries', queries: 1n << 40n },
};

/** A team's month budgets, one of each kind, with room for everything, under the names before or after the edit. */
export function budgetsOf(team: string, isEdited: boolean): readonly Budget[] {
  return Object.entries(LIMITS).map(([unit, limit]) =>
    budget({
      name: `${team} ${unit}${isEdited ? ', renamed' : ''}`,
      subject: { team },
      window: 'month',
      timeZone: ZONE,
      limit,
    }),
  );
}

/** The prices in force at an instant. */
export function pricingAt(prices: Prices, atMs: number): Pricing {
  const isEdited = atMs >= prices.editedAtMs;
  const inReais = isEdited && prices.changesCurrency;
  const rate = inReais
    ? { to: 'USD', microsPerUnit: 185_185n }
    : { to: 'BRL', microsPerUnit: isEdited ? 5_400_000n : 5_312_345n };
  return {
    currency: inReais ? 'BRL' : 'USD',
    onDemandMicrosPerTib: { byLocation: new Map(), otherwise: isEdited ? 7_500_001n : 6_250_000n },
    editions: {
      covers: (projectId) => projectId === 'slots',
      microsPerSlotHour: { byLocation: new Map(), otherwise: 60_001n },
      unknownSlotMs: 0n,
    },
    freeBytesPerMonth: prices.freeBytesPerMonth,
    exchangeRates: [{ ...rate, asOf: '2026-10-01' }],
  };
}

/** What can be entered about a query. */
export interface Parts {
  readonly admission: Admission;
  readonly settlement: UnpricedSettlement;
  readonly job: WarehouseJob;
  readonly otherPrice: UnpricedSettlement['price'];
}

/** A query, and what the warehouse says of its job. */
export function partsOf(id: string, draft: Draft, prices: Prices): Parts {
  const { atMs, bytes, slotMs, isOnSlots, team } = draft;
  const pricing = pricingAt(prices, atMs);
  const byBytes = onDemandTariff({ location: 'US', models: 'none' }, pricing);
  const bySlots = slotTariff('US', pricing) ?? byBytes;
  const tariff = isOnSlots ? bySlots : byBytes;
  const priced = (by: Tariff) => ({ tariff: by, freeBytesPerMonth: prices.freeBytesPerMonth });
  // A little more than it is billed in the end.
  const usage = { bytesBilled: bytes + 7n, slotMs: slotMs + 7n };
  const spend = { ...usage, cost: costOf(usage, tariff), queries: 1n };
  const ran = job({
    projectId: isOnSlots ? 'slots' : 'bytes',
    jobId: `job_${id}`,
    createdAtMs: atMs + 500,
    endedAtMs: atMs + 2_000,
    bytesProcessed: bytes,
    bytesBilled: bytes,
    slotMs,
    reservation: isOnSlots ? 'slots:US.all' : null,
  });
  return {
    admission: {
      decision: decisionOf(id, draft, spend),
      reservation: {
        decisionId: id,
        atMs,
        coverages: budgetsOf(team, atMs >= prices.editedAtMs).map((of) => ({ budget: of, account: '' })),
        rulesHeld: [],
        pricing,
        spend,
        expiresAtMs: atMs + 6 * HOUR_MS,
        replica: 'one',
      },
    },
    settlement: {
      decisionId: id,
      admittedAtMs: atMs,
      atMs: atMs + 2_500,
      jobId: `${ran.projectId}:US.${ran.jobId}`,
      bytesProcessed: bytes,
      bytesBilled: bytes,
      cacheHit: false,
      slotMs: Number(slotMs),
      durationMs: 2_000,
      errorReason: null,
      source: 'response',
      price: priced(tariff),
    },
    job: ran,
    otherPrice: priced(isOnSlots ? byBytes : bySlots),
  };
}

function decisionOf(
  id: string,
  { atMs, team, person, dashboard, fingerprint, tables, isOnSlots }: Draft,
  { bytesBilled, cost }: { readonly bytesBilled: bigint; readonly cost: Decision['estimatedCost'] },
): Decision {
  return decision({
    id,
    atMs,
    projectId: isOnSlots ? 'slots' : 'bytes',
    caller: { ...decision().caller, team, person, dashboard, card: null },
    reading: reading({ fingerprint }),
    estimate: { ...estimateOf(tables), bytesBilled, madeAtMs: atMs },
    estimatedCost: cost,
  });
}
