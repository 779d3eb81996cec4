import { expect, test } from 'vitest';
import { gatherHealth } from '../../../src/console/health/gather.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';

function sources(changes: object = {}) {
  const working = {
    metrics: createMetrics(),
    policy: () => ({ version: 'v1', budgets: [] }),
    rejectedPolicy: () => null,
    books: { failure: () => null },
    budgets: { standing: async () => [] },
    onLedgerFailure: 'deny',
    readerProblem: () => null,
    replica: { id: 'a', living: async () => [] },
    records: { chainHead: async () => null },
    lastReconciliation: async () => null,
    spool: { size: 3 },
  };
  return { ...working, ...changes } as unknown as ConsoleSources;
}

test('health is gathered as far as it can be, whatever in the ledger cannot be read', async () => {
  const broken = new Error('the ledger is away');
  const health = await gatherHealth(sources({ records: { chainHead: () => Promise.reject(broken) } }), 0);

  expect(health).toMatchObject({
    unread: { what: 'cannot be read', why: broken },
    head: null,
    spooled: 3,
    policyVersion: 'v1',
  });
});

test('the median and the 95th percentile of dry runs are bounds of the buckets that hold them', async () => {
  const metrics = createMetrics();
  for (let i = 0; i < 94; i += 1) metrics.dryRunSeconds.observe({ value: 0.0001 });
  for (let i = 0; i < 6; i += 1) metrics.dryRunSeconds.observe({ value: 3_600 });

  const { dryRuns } = await gatherHealth(sources({ metrics }), 0);

  expect(dryRuns.count).toBe(100);
  expect(dryRuns.halfWithinSeconds).toBeLessThan(1);
  expect(dryRuns.mostWithinSeconds).toBe(Number.POSITIVE_INFINITY);
});

test('only errors that have occurred are counted, by where they did', async () => {
  const metrics = createMetrics();
  metrics.ledgerErrors.inc({ operation: 'seal' });
  metrics.ledgerErrors.inc({ operation: 'seal' });

  const { ledgerErrors, upstreamErrors, dryRuns } = await gatherHealth(sources({ metrics }), 0);

  expect(ledgerErrors).toEqual([{ name: 'seal', count: 2 }]);
  expect(upstreamErrors).toEqual([]);
  expect(dryRuns).toEqual({ count: 0, halfWithinSeconds: null, mostWithinSeconds: null });
});
