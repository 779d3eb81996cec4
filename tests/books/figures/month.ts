import { type Books, createBooks } from '../../../src/books/books.ts';
import { correctableBooks } from '../../../src/commands/reconcile/correctable-books.ts';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { copyNextSpend } from '../../../src/records/spend/copy/copy-spend.ts';
import { type Corrected, writeCorrections } from '../../../src/reports/reconciliation/corrections.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import { reconcileSpan } from '../../../src/reports/reconciliation/reconcile-span.ts';
import type { Report } from '../../../src/reports/reconciliation/report.ts';
import { NO_SQL } from '../../../src/vocabulary/reading.ts';
import type { UnpricedSettlement } from '../../../src/vocabulary/unpriced-settlement.ts';
import { HOUR_MS } from '../../budget/builders.ts';
import { type DrawnMonth, type Fate, type Prices, SPAN, ZONE } from './drafts.ts';
import { type Parts, partsOf, pricingAt } from './parts.ts';

/** A month that happened: what the books say about it, and what the warehouse lists. */
export interface Month {
  readonly ledger: Ledger;
  readonly prices: Prices;
  reconcile(): Promise<Report>;
  /** Enters what was found. */
  correct(report: Report): Promise<Corrected>;
}

/** Lets a month happen, in order of time. */
export async function monthOf(ledger: Ledger, { drafts, prices, copied }: DrawnMonth): Promise<Month> {
  const books = createBooks({ ledger });
  const jobs: WarehouseJob[] = [];
  for (const [i, draft] of drafts.toSorted((a, b) => a.atMs - b.atMs).entries()) {
    if (i === copied) await copyAll(ledger);
    const parts = partsOf(`q${i}`, draft, prices);
    jobs.push(...(await FATES[draft.fate](parts, books)));
  }
  const pricing = pricingAt(prices, SPAN.toMs);
  const atMs = SPAN.toMs + HOUR_MS;
  return {
    ledger,
    prices,
    reconcile: () =>
      reconcileSpan(SPAN, {
        ledger: ledger.read,
        async *jobsIn({ projectId }, { fromMs, toMs }) {
          for (const job of jobs) {
            const isListed = job.createdAtMs >= fromMs && job.createdAtMs < toMs;
            if (job.projectId === projectId && isListed) yield job;
          }
        },
        places: ['bytes', 'slots'].map((projectId) => ({ projectId, location: 'US' })),
        timeZone: ZONE,
        teamOf: () => 'atendimento',
        pricing,
        finalBeforeMs: atMs,
      }),
    correct: ({ findings }) =>
      writeCorrections(findings, correctableBooks(books), {
        reconciliationId: 'r',
        atMs,
        pricing,
        retain: (sql) => ({ sql, sqlRetention: 'stored' }),
      }),
  };
}

/** Seals everything, and copies it for sums of spend. */
export async function copyAll(ledger: Ledger): Promise<void> {
  await sealNow(ledger, undefined, () => SPAN.fromMs);
  while (await copyNextSpend(ledger));
}

/** Enters a query, and resolves to the jobs that the warehouse lists for it. */
type Happens = (parts: Parts, books: Books) => Promise<readonly WarehouseJob[]>;

/** Admitted, and then settled so, in order. */
function settled(
  changes: (parts: Parts) => readonly Partial<UnpricedSettlement>[],
  listed: Partial<WarehouseJob> | null = {},
): Happens {
  return async (parts, books) => {
    await admit(parts, books);
    for (const change of changes(parts)) await books.settle({ ...parts.settlement, ...change });
    return listed === null ? [] : [{ ...parts.job, ...listed }];
  };
}

const CACHED = { bytesBilled: 0n, bytesProcessed: 0n, slotMs: 0, cacheHit: true };
const FAILED = { bytesBilled: 0n, bytesProcessed: 0n, errorReason: 'invalidQuery' };

const FATES: Readonly<Record<Fate, Happens>> = {
  answered: settled(() => [{}]),
  'answered by a job': settled(() => [{ source: 'job' }]),
  cached: settled(() => [CACHED], { bytesBilled: 0n, slotMs: 0n, cacheHit: true }),
  failed: settled(() => [FAILED], { bytesBilled: 0n }),
  cancelled: settled(() => [{ errorReason: 'stopped' }]),
  running: settled(() => [], { endedAtMs: null }),
  'not run': settled(() => [{ ...FAILED, source: 'not run', jobId: null, slotMs: null }], null),
  assumed: async (parts, books) => {
    const jobs = await settled((one) => [assumed(one)])(parts, books);
    return jobs.map((one) => ({ ...one, labelledDecision: parts.settlement.decisionId }));
  },
  'assumed, then known': settled((one) => [assumed(one), { source: 'job' }]),
  'settled at other figures': settled(({ settlement }) => [
    { bytesBilled: settlement.bytesBilled + 1n, slotMs: (settlement.slotMs ?? 0) + 1 },
  ]),
  'settled by the wrong tariff': settled(({ otherPrice }) => [{ price: otherPrice }]),
  'without a job': settled(() => [{}], null),
  async repeated(parts, books) {
    const jobs = await settled(() => [{}])(parts, books);
    const { admission, settlement } = parts;
    const id = `${settlement.decisionId} again`;
    await books.admit({
      decision: { ...admission.decision, id },
      reservation: { ...admission.reservation, decisionId: id },
    });
    await books.settle({ ...settlement, decisionId: id });
    return jobs;
  },
  async 'a load job'({ admission, settlement, otherPrice, job }, books) {
    const { decision } = admission;
    const reading = { ...decision.reading, reader: 'none' as const, unreadReason: NO_SQL };
    await books.admit({ ...admission, decision: { ...decision, reading, estimate: null } });
    const price = job.reservation === null ? otherPrice : settlement.price;
    await books.settle({ ...settlement, source: 'job', bytesBilled: 0n, price });
    return [];
  },
  async refused({ admission: { decision } }, books) {
    await books.record({ ...decision, outcome: 'refused', cause: 'r' });
    return [];
  },
  async 'not priced'({ admission: { decision } }, books) {
    await books.record({ ...decision, outcome: 'failed', estimate: null, estimatedCost: null });
    return [];
  },
  async 'its decision is lost'({ settlement, job }, books) {
    await books.settle(settlement);
    return [job];
  },
  unguarded: async ({ job }) => [job],
  'unguarded, its bytes hidden': async ({ job }) => [{ ...job, bytesBilled: null }],
};

async function admit({ admission }: Parts, books: Books): Promise<void> {
  const outcome = await books.admit(admission);
  if (!outcome.reserved) throw new Error('these budgets have room for everything');
}

function assumed({ admission: { reservation } }: Parts): Partial<UnpricedSettlement> {
  const { bytesBilled, cost, slotMs } = reservation.spend;
  const figures = { bytesProcessed: bytesBilled, bytesBilled, slotMs: Number(slotMs) };
  return { source: 'assumed', jobId: null, ...figures, price: { known: cost } };
}
