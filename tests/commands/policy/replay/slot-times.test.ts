import { describe, expect, onTestFinished, test } from 'vitest';
import { rejudgedQueries } from '../../../../src/commands/policy/replay/run.ts';
import { openLedger } from '../../../../src/ledger/ledger.ts';
import { enterDecisions, enterSettlements } from '../../../../src/records/enter.ts';
import type { ReplayVerdict } from '../../../../src/reports/replay/outcomes.ts';
import { policyOf } from '../../../policy/builders.ts';
import { decision, settlement } from '../../../records/builders.ts';

const HOUR_MS = 3_600_000;
const FIRST_MS = Date.UTC(2026, 10, 24, 9);

/** A dollar for each slot-hour. */
const POLICY = `
teams: [{ name: atendimento, principals: ["*"] }]
budgets: [{ name: slots, team: atendimento, window: day, limit: 5 slot-hours }]
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  editions: { projects: ["guardrail-*"], per_slot_hour: { default: "1.00" }, unknown_query: 2 slot-hours }
`;

/** The same query once an hour, each run of so many slot-hours, judged anew from one of them on. */
async function rejudged(slotHours: readonly number[], { from = 0, sql = 'SELECT 1' } = {}) {
  const ledger = await openLedger('sqlite::memory:');
  onTestFinished(() => ledger.close());
  const runs = slotHours.map((hours, run) => {
    const atMs = FIRST_MS + run * HOUR_MS;
    const id = `run-${run}`;
    return {
      decided: decision({ id, atMs, sql, estimatedCost: { currency: 'EUR', micros: 7n }, hits: [] }),
      settled: settlement({ decisionId: id, atMs: atMs + 1, slotMs: hours * HOUR_MS }),
    };
  });
  await ledger.write(async (db) => {
    await enterDecisions(
      db,
      runs.map(({ decided }) => decided),
    );
    await enterSettlements(
      db,
      runs.map(({ decided, settled }) => ({
        settlement: settled,
        version: 1n,
        admittedAtMs: decided.atMs,
        tariff: null,
      })),
    );
  });
  const judged: (ReplayVerdict | null)[] = [];
  const run = {
    candidate: policyOf({ 'a.yaml': POLICY }),
    fromMs: FIRST_MS + from * HOUR_MS,
    toMs: FIRST_MS + 24 * HOUR_MS,
    asOfMs: FIRST_MS,
    withBudgets: true,
    onProgress: () => undefined,
  };
  for await (const { now } of rejudgedQueries(ledger.read, run)) judged.push(now);
  return judged;
}

const dollars = (judged: readonly (ReplayVerdict | null)[]) =>
  judged.map((now) => Number(now?.estimatedCost.micros) / 1_000_000);

describe('the slot time of a past query', () => {
  test('is predicted from its earlier runs, however long ago, and priced by the candidate policy', async () => {
    expect(dollars(await rejudged([1, 3, 0]))).toEqual([2, 1, 3]);
    expect(dollars(await rejudged([1, 3, 0], { from: 2 }))).toEqual([3]);
  });

  test('is requested from budgets', async () => {
    const judged = await rejudged([1, 3, 0]);

    expect(judged.map((now) => now?.refusedByBudget)).toEqual([null, null, 'slots']);
  });

  test('is not a cost of a query whose SQL leaves the slots of its project', async () => {
    const judged = await rejudged([1, 1], { sql: "SET @@reservation = 'none'; SELECT 1" });

    expect(judged.map((now) => now?.estimatedCost)).toEqual([
      { currency: 'USD', micros: 1n },
      { currency: 'USD', micros: 1n },
    ]);
  });
});
