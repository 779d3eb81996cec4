import { expect, test } from 'vitest';
import { countDecision, countSettlement } from '../../src/metrics/count.ts';
import { createMetrics } from '../../src/metrics/metrics.ts';
import type { Decision, Settlement } from '../../src/vocabulary/decision.ts';
import { decision, settlement } from '../records/builders.ts';

const TEAM = { team: 'atendimento' };

/** The values of a counter, each with its labels; empty if nothing was counted. */
async function valuesOf(counter: {
  get(): Promise<{ values: readonly { labels: object; value: number }[] }>;
}) {
  const { values } = await counter.get();
  return values.filter(({ value }) => value !== 0).map(({ labels, value }) => ({ ...labels, value }));
}

function countedDecision(changes: Partial<Decision>) {
  const metrics = createMetrics();
  countDecision(decision(changes), () => null, metrics);
  return metrics;
}

function countedSettlement(changes: Partial<Settlement>) {
  const metrics = createMetrics();
  countSettlement(settlement(changes), 'atendimento', metrics);
  return metrics;
}

test.each([
  ['refused', 1],
  ['admitted', 0],
  ['failed', 0],
] as const)(
  'the bytes of a query that is %s count as estimated, and as refused only if it is',
  async (outcome, times) => {
    const bytes = Number(decision().estimate?.bytesBilled);

    const metrics = countedDecision({ outcome });

    expect(await valuesOf(metrics.bytesEstimated)).toEqual([{ ...TEAM, value: bytes }]);
    expect(await valuesOf(metrics.bytesRefused)).toEqual(times === 0 ? [] : [{ ...TEAM, value: bytes }]);
  },
);

test('SQL that no parser reads counts as unread, but a job that has none does not', async () => {
  const reading = { ...decision().reading, reader: 'none' } as const;

  expect(await valuesOf(countedDecision({ reading }).unreadSql)).toEqual([{ ...TEAM, value: 1 }]);
  expect(await valuesOf(countedDecision({ reading, sql: '' }).unreadSql)).toEqual([]);
});

test('a settlement counts what was billed and paid, and an answer from the cache', async () => {
  const billed = { bytesBilled: 5n, bytesProcessed: 3n, cost: { currency: 'BRL', micros: 1_500_000n } };

  const metrics = countedSettlement({ ...billed, cacheHit: true });

  expect(await valuesOf(metrics.bytesBilled)).toEqual([{ ...TEAM, value: 5 }]);
  expect(await valuesOf(metrics.bytesProcessed)).toEqual([{ ...TEAM, value: 3 }]);
  expect(await valuesOf(metrics.cost)).toEqual([{ ...TEAM, currency: 'BRL', value: 1.5 }]);
  expect(await valuesOf(metrics.cacheHits)).toEqual([{ ...TEAM, value: 1 }]);
  expect(await valuesOf(countedSettlement({ cacheHit: false }).cacheHits)).toEqual([]);
});
