import { type Books, createBooks } from '../../../src/books/books.ts';
import { correctableBooks } from '../../../src/commands/reconcile/correctable-books.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { type Corrected, writeCorrections } from '../../../src/reports/reconciliation/corrections.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import { reconcileSpan } from '../../../src/reports/reconciliation/reconcile-span.ts';
import type { Report } from '../../../src/reports/reconciliation/report.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import type { TimeSpan } from '../../../src/vocabulary/time-span.ts';
import { reading } from '../../vocabulary/readings.ts';
import { noon, options, pricing, principal } from './builders.ts';

/** A ledger's books, and what a warehouse that knows these jobs makes of them. */
export interface Reconciled {
  readonly books: Books;
  /** @param span the day of noon, unless said otherwise */
  report(jobs: readonly WarehouseJob[], span?: TimeSpan): Promise<Report>;
  /** @returns how many corrections were entered */
  correct(jobs: readonly WarehouseJob[]): Promise<number>;
  /** @returns also why others were not */
  tryToCorrect(jobs: readonly WarehouseJob[]): Promise<Corrected>;
}

/** @param prices today's: a micro for each byte, unless said otherwise */
export function reconciled(ledger: Ledger, prices = pricing): Reconciled {
  const books = createBooks({ ledger });
  const report = (jobs: readonly WarehouseJob[], span = options().span) =>
    reconcileSpan(span, {
      ledger: ledger.read,
      async *jobsIn(_place, { fromMs, toMs }) {
        yield* jobs.filter(({ createdAtMs }) => createdAtMs >= fromMs && createdAtMs < toMs);
      },
      places: [{ projectId: 'guardrail-demo', location: 'US' }],
      timeZone: 'UTC',
      teamOf: options().teamOf,
      pricing: prices,
      finalBeforeMs: options().finalBeforeMs,
    });
  const tryToCorrect = async (jobs: readonly WarehouseJob[]) => {
    const { findings } = await report(jobs);
    return writeCorrections(findings, correctableBooks(books), {
      reconciliationId: 'r-1',
      atMs: options().finalBeforeMs,
      pricing: prices,
      retain: (sql) => ({ sql, sqlRetention: 'stored' }),
    });
  };
  return { books, report, tryToCorrect, correct: async (jobs) => (await tryToCorrect(jobs)).entered };
}

/** An admitted decision of noon in US, unless said otherwise. */
export function decision(changes: Partial<Decision> = {}): Decision {
  return {
    id: 'decision',
    atMs: noon,
    projectId: 'guardrail-demo',
    caller: { principal, team: 'atendimento', tool: null, person: null, dashboard: null, card: null },
    sql: 'SELECT 1',
    sqlRetention: 'stored',
    reading: reading(),
    estimate: {
      principal,
      statementType: 'SELECT',
      location: 'US',
      bytesProcessed: 90n,
      bytesBilled: 100n,
      accuracy: 'PRECISE',
      referencedTables: [],
      madeAtMs: noon,
    },
    estimatedCost: { currency: 'USD', micros: 100n },
    estimateCached: false,
    outcome: 'admitted',
    cause: null,
    hits: [],
    maximumBytesBilled: 100n,
    overheadMs: 1,
    ...changes,
  };
}

/** Lets a decision through: 100 bytes are reserved. */
export async function admit(books: Books, changes: Partial<Decision> = {}): Promise<void> {
  const admitted = decision(changes);
  await books.admit({
    decision: admitted,
    reservation: {
      decisionId: admitted.id,
      atMs: admitted.atMs,
      coverages: [],
      rulesHeld: [],
      pricing,
      spend: { bytesBilled: 100n, cost: { currency: 'USD', micros: 100n }, slotMs: 0n, queries: 1n },
      expiresAtMs: noon + 6 * 3_600_000,
      replica: 'one',
    },
  });
}

/** Settles a decision by its job, unless said otherwise. */
export async function settle(
  books: Books,
  changes: Partial<Parameters<Books['settle']>[0]> = {},
): Promise<void> {
  await books.settle({
    decisionId: 'decision',
    admittedAtMs: noon,
    atMs: noon + 2000,
    jobId: 'guardrail-demo:US.job',
    bytesProcessed: 90n,
    bytesBilled: 100n,
    cacheHit: false,
    slotMs: 5,
    durationMs: 2000,
    errorReason: null,
    source: 'response',
    price: {
      tariff: { model: 'on demand', currency: 'USD', microsPerTib: pricing.onDemandMicrosPerTib.otherwise },
      freeBytesPerMonth: 0n,
    },
    ...changes,
  });
}
