import { createRewriteStore } from '../../../src/advice/rewrite-store.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createSavings, type SavingsQuery } from '../../../src/reports/savings/savings.ts';
import { enter } from '../../records/journal/entries.ts';

/** A query of Metabase's user 12, of team atendimento, as far as it is not said. */
export interface QueryChanges {
  readonly at: Date | number;
  readonly fingerprint?: string;
  readonly person?: string | null;
  readonly team?: string;
  readonly bytes?: bigint;
  readonly micros?: bigint;
  readonly currency?: string;
}

/** How a row of the report begins that holds only such queries. */
export const nobodyElse = { keys: ['atendimento'], currency: 'USD' };

/** Enters that a query was refused, and the fingerprints of the forms that were offered in its place. */
export async function refuse(
  ledger: Ledger,
  { at, bytes = 1000n, micros = 100n, currency = 'USD', ...who }: QueryChanges,
  offered: readonly string[] = [],
): Promise<void> {
  const id = nextId();
  const estimate = {
    estimated_bytes_billed: bytes,
    estimated_cost_micros: micros,
    estimated_currency: currency,
  };
  const decision = {
    id,
    at_ms: BigInt(Number(at)),
    outcome: 'refused',
    fingerprint: 'q',
    ...who,
    ...estimate,
  };
  await enter(ledger, { decision, settlement: null });
  await createRewriteStore({ ledger }).save(
    id,
    offered.map((fingerprint) => ({
      fingerprint,
      changes: [],
      sql: 'SELECT 1',
      result: 'changed',
      bytesBilled: 1n,
      savedOver: 'run',
      savedBytes: 1n,
      savedCost: { currency, micros: 1n },
      passes: true,
    })),
  );
}

/** Enters that a query ran, and what it was billed. */
export async function run(
  ledger: Ledger,
  { at, bytes = 10n, micros = 1n, currency = 'USD', ...who }: QueryChanges,
  settled: { readonly error_reason?: string; readonly source?: string } = {},
): Promise<string> {
  const id = nextId();
  await enter(ledger, {
    decision: { id, at_ms: BigInt(Number(at)), fingerprint: 'q', ...who },
    settlement: { bytes_billed: bytes, cost_micros: micros, currency, ...settled },
  });
  return id;
}

let ids = 0;

function nextId(): string {
  ids += 1;
  return `decision-${ids}`;
}

/** What was saved in the week of Monday, 2026-11-23, unless said otherwise. */
export async function report(ledger: Ledger, query: Partial<SavingsQuery> = {}) {
  const whole = { by: ['team'], from: '2026-11-23', to: '2026-11-30', timeZone: 'UTC', ...query } as const;
  return createSavings({ ledger }).report(whole);
}

/** An hour of a day in November of 2026, UTC. */
export function november(day: number, hour: number): Date {
  return new Date(Date.UTC(2026, 10, day, hour));
}
