import { setTimeout as sleep } from 'node:timers/promises';
import { pino } from 'pino';
import { expect, onTestFinished, test } from 'vitest';
import type { UnsettledReservation } from '../../../src/budget/budgets.ts';
import { LedgerError } from '../../../src/ledger/errors.ts';
import { createMetrics } from '../../../src/metrics/metrics.ts';
import { type RepairParts, startRepairs } from '../../../src/service/upkeep/repairs.ts';

const log = pino({ level: 'silent' });
const NOTHING = { currency: 'USD', micros: 0n };

/** A process that finds nothing to repair, except as a test says. */
function process(
  changes: {
    readonly expired?: readonly string[];
    readonly orphans?: () => Promise<void>;
    readonly settle?: (decisionId: string) => Promise<void>;
    /** Charged already by another process, which saw them at the same time. */
    readonly chargedBefore?: ReadonlySet<string>;
    readonly waiting?: ReadonlySet<string>;
  } = {},
) {
  const metrics = createMetrics();
  const parts: RepairParts = {
    budgets: {
      async orphans() {
        await changes.orphans?.();
        return [];
      },
      expired: async () => (changes.expired ?? []).map(expired),
      standing: async () => [],
    },
    books: {
      async settle(settlement) {
        await changes.settle?.(settlement.decisionId);
        const wasFirst = changes.chargedBefore?.has(settlement.decisionId) !== true;
        return { ...settlement, freeBytes: 0n, cost: NOTHING, atMs: wasFirst ? settlement.atMs : 1 };
      },
      giveBackPlaces: async () => undefined,
    },
    spool: { holds: (decisionId) => changes.waiting?.has(decisionId) ?? false },
    orphans: { know: () => undefined },
    replica: { id: 'one', isEldest: async () => false },
    notices: { check: async () => undefined },
    watch: { current: () => ({ budgets: [] }) },
    metrics,
    log,
  };
  return { parts, metrics };
}

function expired(decisionId: string): UnsettledReservation {
  const spend = { bytesBilled: 1n, cost: NOTHING, slotMs: 0n, queries: 1n };
  return { decisionId, atMs: 0, spend };
}

test('a round of repairs that takes longer than the interval does not overlap with the next', async () => {
  let running = 0;
  let mostRunning = 0;
  let rounds = 0;
  const { parts } = process({
    async orphans() {
      rounds += 1;
      running += 1;
      mostRunning = Math.max(mostRunning, running);
      await sleep(20);
      running -= 1;
    },
  });

  onTestFinished(await startRepairs(parts, 1));

  await expect.poll(() => rounds).toBeGreaterThan(3);
  expect(mostRunning).toBe(1);
});

test('a round of repairs that fails is counted, and the next follows, even after the very first', async () => {
  let rounds = 0;
  const { parts, metrics } = process({
    async orphans() {
      rounds += 1;
      if (rounds < 3) throw new Error('the ledger is away');
    },
  });

  onTestFinished(await startRepairs(parts, 1));

  await expect.poll(() => rounds).toBeGreaterThan(3);
  expect(await metrics.registry.metrics()).toMatch(/^guardrail_ledger_errors_total{operation="repair"} 2$/m);
});

test('a failing step of a repair does not stop later steps or other reservations', async () => {
  const charged: string[] = [];
  const { parts, metrics } = process({
    expired: ['a', 'bad', 'c'],
    async orphans() {
      throw new Error('the rows of a process that is gone cannot be read');
    },
    async settle(decisionId) {
      if (decisionId === 'bad') throw new Error('its budget is gone');
      charged.push(decisionId);
    },
  });

  onTestFinished(await startRepairs(parts, 60_000));

  expect(charged).toEqual(['a', 'c']);
  expect(await metrics.registry.metrics()).toMatch(/^guardrail_ledger_errors_total{operation="repair"} 2$/m);
});

test('with an unreachable ledger, expired reservations wait, and one error is counted', async () => {
  const tried: string[] = [];
  const { parts, metrics } = process({
    expired: ['a', 'b'],
    async settle(decisionId) {
      tried.push(decisionId);
      throw new LedgerError('unreachable', 'The ledger does not answer.', 'Wait.');
    },
  });

  onTestFinished(await startRepairs(parts, 60_000));

  expect(tried).toEqual(['a']);
  expect(await metrics.registry.metrics()).toMatch(/^guardrail_ledger_errors_total{operation="repair"} 1$/m);
});

test('a reservation charged into the spool is charged once, however many rounds see it', async () => {
  const waiting = new Set<string>();
  const charged: string[] = [];
  let rounds = 0;
  const { parts, metrics } = process({
    expired: ['a', 'b'],
    waiting,
    async orphans() {
      rounds += 1;
    },
    // Into the spool, as resilient books do.
    async settle(decisionId) {
      waiting.add(decisionId);
      charged.push(decisionId);
    },
  });

  onTestFinished(await startRepairs(parts, 1));

  await expect.poll(() => rounds).toBeGreaterThan(3);
  expect(charged).toEqual(['a', 'b']);
  expect(await metrics.registry.metrics()).toMatch(/^guardrail_settlements_total{source="assumed"} 2$/m);
});

test('a reservation that two processes charge at the same time is counted by the one that was first', async () => {
  const { parts, metrics } = process({ expired: ['a', 'b', 'c'], chargedBefore: new Set(['a', 'c']) });

  onTestFinished(await startRepairs(parts, 60_000));

  expect(await metrics.registry.metrics()).toMatch(/^guardrail_settlements_total{source="assumed"} 1$/m);
});

test('a stop waits for the reservation being charged, and leaves the rest to others', async () => {
  const charged: string[] = [];
  const secondRound = Promise.withResolvers<void>();
  const { parts } = process({
    expired: ['a', 'b'],
    async settle(decisionId) {
      if (charged.length === 2) secondRound.resolve();
      await sleep(1);
      charged.push(decisionId);
    },
  });
  const stop = await startRepairs(parts, 1);
  await secondRound.promise;

  await stop();

  expect(charged).toEqual(['a', 'b', 'a']);
});

test('the places that processes which are gone still hold are given back; all that they left open is looked for', async () => {
  const left = { atMs: 0, projectId: 'p', principal: null };
  const orphans = [
    { ...left, decisionId: 'holding', holdsPlace: true },
    { ...left, decisionId: 'running', holdsPlace: false },
  ];
  const givenBack: string[] = [];
  const known: string[] = [];
  const { parts } = process();

  onTestFinished(
    await startRepairs(
      {
        ...parts,
        budgets: { ...parts.budgets, orphans: async () => orphans },
        books: { ...parts.books, giveBackPlaces: async (ids) => void givenBack.push(...ids) },
        orphans: { know: (found) => void known.push(...found.map(({ decisionId }) => decisionId)) },
      },
      60_000,
    ),
  );

  expect(givenBack).toEqual(['holding']);
  expect(known).toEqual(['holding', 'running']);
});
