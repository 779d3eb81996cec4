import { expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import type { WarehouseJob } from '../../../src/reports/reconciliation/jobs/warehouse-job.ts';
import { reconcileSpan } from '../../../src/reports/reconciliation/reconcile-span.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter } from '../../records/journal/entries.ts';
import { job, options } from './builders.ts';

const day = Date.UTC(2026, 10, 24);
const DAY_MS = 86_400_000;

async function ledgerWithOneQuery(): Promise<Ledger> {
  const ledger = await freshLedger();
  await enter(ledger, { decision: { at_ms: BigInt(day + DAY_MS - 1) } });
  return ledger;
}

const prune = (ledger: Ledger) => pruneRecords(ledger, { beforeMs: day + DAY_MS, nowMs: day + 9 * DAY_MS });

/** Reconciles a day's queries with jobs, of which there is none unless they are read. */
function reconcile(
  ledger: Ledger,
  fromMs: number,
  read: () => Promise<readonly WarehouseJob[]> = async () => [],
) {
  return reconcileSpan(
    { fromMs, toMs: fromMs + DAY_MS },
    {
      ...options(),
      ledger: ledger.read,
      places: [{ projectId: 'guardrail-demo', location: 'US' }],
      timeZone: 'UTC',
      async *jobsIn() {
        yield* await read();
      },
    },
  );
}

test('a day that is pruned while its jobs are read is not reconciled', async () => {
  const ledger = await ledgerWithOneQuery();

  const result = reconcile(ledger, day, async () => {
    await prune(ledger);
    return [];
  });

  await expect(result).rejects.toThrow('keeps only daily sums');
});

test('a day right after a pruned one is not reconciled: jobs of its first moments may belong to decisions that are gone', async () => {
  const ledger = await ledgerWithOneQuery();
  const before = await reconcile(ledger, day + DAY_MS);

  await prune(ledger);

  expect(before.findings).toEqual([]);
  await expect(reconcile(ledger, day + DAY_MS)).rejects.toThrow('keeps only daily sums');
  expect((await reconcile(ledger, day + 2 * DAY_MS)).findings).toEqual([]);
});

test('a day may have more jobs that bypassed guardrail than a call may have arguments', async () => {
  const jobs = Array.from({ length: 130_000 }, (_, i) => job({ jobId: `job${i}`, createdAtMs: day + i }));

  const { counts } = await reconcile(await freshLedger(), day, async () => jobs);

  expect(counts.unguarded.jobs).toBe(130_000);
}, 60_000);
