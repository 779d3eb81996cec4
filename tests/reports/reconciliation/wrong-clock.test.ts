import { describe, expect, test } from 'vitest';
import { HOUR_MS } from '../../../src/foundation/calendar/durations.ts';
import { sealNow } from '../../../src/records/journal/seal.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import type { Report } from '../../../src/reports/reconciliation/report.ts';
import type { Settlement } from '../../../src/vocabulary/decision.ts';
import type { TimeSpan } from '../../../src/vocabulary/time-span.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { verified } from '../../records/journal/journal-builders.ts';
import { job, MINUTE, noon } from './builders.ts';
import { admit, type Reconciled, reconciled, settle } from './with-books.ts';

const DAY_MS = 24 * HOUR_MS;
const jobs = [job({ labelledDecision: 'decision' })];

/** Books with a decision that was dated by a clock that was behind, and settled by its job of noon. */
async function decidedBehind(behindMs: number): Promise<Reconciled> {
  const books = reconciled(await freshLedger());
  const atMs = noon - behindMs;
  await admit(books.books, { atMs });
  await settle(books.books, { admittedAtMs: atMs, atMs });
  return books;
}

const findings = ({ findings }: Report) =>
  findings.map(({ kind, entry, job }) => [kind, entry?.decisionId, job?.jobId]);

describe('a job whose decision was made under a wrong clock', () => {
  test('did not bypass guardrail, though the decision is dated before the span', async () => {
    const { report } = await decidedBehind(40 * DAY_MS);

    const found = await report(jobs);

    expect(findings(found)).toEqual([]);
    expect(found.counts.agrees).toEqual({ decisions: 1, jobs: 1 });
    expect(found.rows).toMatchObject([{ day: '2026-11-24', ledgerBytes: 100n, warehouseBytes: 100n }]);
  });

  test('agrees with it in a span that has both, on different days', async () => {
    const { report } = await decidedBehind(3 * DAY_MS);
    const days: TimeSpan = { fromMs: noon - 4 * DAY_MS, toMs: noon + HOUR_MS };

    const found = await report(jobs, days);

    expect(findings(found)).toEqual([]);
    expect(found.rows).toMatchObject([{ day: '2026-11-21', ledgerBytes: 100n, warehouseBytes: 100n }]);
  });

  test.each([
    ['behind', -30.5, 0.5],
    ['ahead', 0.5, -30.5],
  ])('agrees with it on the other side of midnight, by a clock that was %s', async (_how, decided, ran) => {
    const midnight = noon - 12 * HOUR_MS;
    const { report } = await decidedBehind(noon - midnight - decided * MINUTE);
    const days: TimeSpan = { fromMs: midnight - DAY_MS, toMs: midnight + DAY_MS };

    // Only the day of the decision, or else only that of the job, has both within half an hour.
    const found = await report([job({ createdAtMs: midnight + ran * MINUTE })], days);

    expect(findings(found)).toEqual([]);
    expect(found.counts.agrees).toEqual({ decisions: 1, jobs: 1 });
  });

  test('corrects it after it was taken for one that never ran', async () => {
    const { books, report, correct } = await decidedBehind(40 * DAY_MS);
    await settle(books, { ...NOTHING, admittedAtMs: noon - 40 * DAY_MS });

    const before = await report(jobs);
    await correct(jobs);

    expect(findings(before)).toEqual([['differs', 'decision', 'job']]);
    expect(findings(await report(jobs))).toEqual([]);
  });

  test('still bypassed guardrail if only its label names the decision, which anyone can write', async () => {
    const { report } = await decidedBehind(40 * DAY_MS);
    const other: readonly WarehouseJob[] = [job({ jobId: 'other', labelledDecision: 'decision' })];

    expect(findings(await report(other))).toEqual([['unguarded', undefined, 'other']]);
  });
});

describe('a job whose decision was made under a clock that was behind by more than records are kept', () => {
  const monthAgo = { beforeMs: noon - 30 * DAY_MS, nowMs: noon + DAY_MS };

  test('is not taken for unguarded and counted twice: its decision outlives a pruning by the right clock', async () => {
    const ledger = await freshLedger();
    const { books, report, correct } = reconciled(ledger);
    const [before, behind] = [noon - 31 * DAY_MS, noon - 40 * DAY_MS];
    await admit(books, { id: 'old', atMs: before });
    await settle(books, {
      decisionId: 'old',
      admittedAtMs: before,
      atMs: before,
      jobId: 'guardrail-demo:US.old',
    });
    await sealNow(ledger, undefined, () => before);
    await admit(books, { id: 'yesterday', atMs: noon - DAY_MS });
    await settle(books, {
      decisionId: 'yesterday',
      admittedAtMs: noon - DAY_MS,
      jobId: 'guardrail-demo:US.two',
    });
    await sealNow(ledger, undefined, () => noon - DAY_MS);
    await admit(books, { atMs: behind });
    await settle(books, { admittedAtMs: behind, atMs: behind });
    await sealNow(ledger, undefined, () => behind);

    const pruned = await pruneRecords(ledger, monthAgo);

    expect(pruned).toMatchObject({ days: 1, decisions: 1, waitsFor: null });
    expect((await report(jobs)).counts.agrees).toEqual({ decisions: 1, jobs: 1 });
    expect(await correct(jobs)).toBe(0);
    const [spend] = await spendBy(ledger.read, { by: ['project'], fromMs: 0, toMs: noon + DAY_MS });
    expect(spend).toMatchObject({ queries: 3, bytesBilled: 300n });
    await sealNow(ledger);
    expect((await verified(ledger)).all).toEqual([]);
  });

  test('keeps a decision that is entered while the records are pruned', async () => {
    const ledger = await freshLedger();
    const { books } = reconciled(ledger);
    await admit(books, { atMs: noon - 40 * DAY_MS });
    await settle(books, { admittedAtMs: noon - 40 * DAY_MS, atMs: noon - 40 * DAY_MS });

    const unsealed = await pruneRecords(ledger, monthAgo);
    await sealNow(ledger, undefined, () => noon - 40 * DAY_MS);
    const sealed = await pruneRecords(ledger, monthAgo);

    expect([unsealed, sealed]).toMatchObject([
      { days: 0, decisions: 0 },
      { days: 1, decisions: 1 },
    ]);
  });

  test('keeps no decision because of seals dated ahead, by a clock that was', async () => {
    const ledger = await freshLedger();
    const { books } = reconciled(ledger);
    await admit(books, { atMs: noon - 40 * DAY_MS });
    await settle(books, { admittedAtMs: noon - 40 * DAY_MS, atMs: noon - 40 * DAY_MS });
    await sealNow(ledger, undefined, () => noon + 365 * DAY_MS);

    expect(await pruneRecords(ledger, monthAgo)).toMatchObject({ days: 1, decisions: 1 });
  });
});

/** As a reconciliation enters it for a decision whose job it does not find. */
const NOTHING = {
  jobId: null,
  bytesProcessed: 0n,
  bytesBilled: 0n,
  slotMs: 0,
  source: 'reconciled',
} satisfies Partial<Settlement>;
