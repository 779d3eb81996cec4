import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { ReserveRequest } from '../../src/budget/budgets.ts';
import type { Budget, BudgetLimit } from '../../src/vocabulary/policy.ts';
import type { Pricing } from '../../src/vocabulary/pricing.ts';
import type { Spend } from '../../src/vocabulary/spend.ts';

/** Noon in São Paulo. */
export const noon = Date.UTC(2026, 10, 24, 15);

/** USD 6.25 for a TiB anywhere, 5.40 BRL for a dollar. */
export const pricing: Pricing = {
  currency: 'USD',
  onDemandMicrosPerTib: new Map(),
  defaultMicrosPerTib: 6_250_000n,
  exchangeRates: [{ to: 'BRL', microsPerUnit: 5_400_000n, asOf: '2026-11-01' }],
};

export function bytesLimit(bytes: bigint): BudgetLimit {
  return { measure: 'bytes', bytes };
}

export function brlLimit(micros: bigint): BudgetLimit {
  return { measure: 'money', money: { currency: 'BRL', micros } };
}

/** A budget of 1,000 bytes a day in São Paulo that refuses, unless said otherwise. */
export function budget(changes: Partial<Budget> = {}): Budget {
  return {
    name: 'atendimento-dia',
    team: 'atendimento',
    window: 'day',
    timeZone: 'America/Sao_Paulo',
    limit: bytesLimit(1000n),
    whenExceeded: 'deny',
    source: { file: 'policies/atendimento.yaml', line: 1, column: 1 },
    ...changes,
  };
}

/** Bytes and, unless said otherwise, as many micros of a dollar. */
export function spend(bytesBilled: bigint, micros = bytesBilled): Spend {
  return { bytesBilled, cost: { currency: 'USD', micros } };
}

/** Asks `budget()` for ten bytes at noon, for a minute, unless said otherwise. */
export function request(changes: Partial<ReserveRequest> = {}): ReserveRequest {
  const atMs = changes.atMs ?? noon;
  return {
    decisionId: 'a',
    atMs,
    budgets: [budget()],
    pricing,
    spend: spend(10n),
    expiresAtMs: atMs + 60_000,
    ...changes,
  };
}

/** A folder that is gone after the test. */
export async function temporaryFolder(): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'guardrail-'));
  onTestFinished(() => rm(path, { recursive: true, force: true }));
  return path;
}
