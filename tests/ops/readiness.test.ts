import { expect, onTestFinished, test, vi } from 'vitest';
import { readiness } from '../../src/ops/readiness.ts';

type Sources = Parameters<typeof readiness>[0];

const ALL = { showsAll: true, policyError: String };

const working: Sources = {
  books: { failure: () => null },
  budgets: { standing: async () => [] },
  policy: () => ({ version: 'v1', budgets: [] }),
  rejectedPolicy: () => null,
  readerProblem: () => null,
  spool: { size: 0 },
  onLedgerFailure: 'deny',
};

const withoutReaders: Sources = { ...working, readerProblem: () => 'spawn /usr/bin/node ENOMEM' };

test('a process with a ledger and readers is ready', async () => {
  expect(await readiness(working, ALL)).toMatchObject({
    isReady: true,
    state: { status: 'ready', ledger: 'ok', readers: 'ok' },
  });
});

test('a process whose readers cannot start is not ready, with any on_ledger_failure', async () => {
  for (const onLedgerFailure of ['deny', 'allow_capped'] as const) {
    expect(await readiness({ ...withoutReaders, onLedgerFailure }, ALL)).toMatchObject({
      isReady: false,
      state: { status: 'not ready', ledger: 'ok', readers: 'cannot start: spawn /usr/bin/node ENOMEM' },
    });
  }
});

test('the error of the readers, which contains paths, is not shown to everybody', async () => {
  const { state } = await readiness(withoutReaders, { ...ALL, showsAll: false });

  expect(state.readers).toBe('cannot start');
});

test.each([
  ['deny', false],
  ['allow_capped', true],
] as const)(
  'with a ledger that cannot be written and on_ledger_failure %s, the process is ready: %s',
  async (onLedgerFailure, isReady) => {
    const books = { failure: () => new Error('the disk is full') };

    expect(await readiness({ ...working, books, onLedgerFailure }, ALL)).toMatchObject({
      isReady,
      state: { ledger: 'cannot be written: the disk is full' },
    });
  },
);

test('with a ledger that hangs, the process says within two seconds that it is not ready, and why', async () => {
  vi.useFakeTimers();
  onTestFinished(() => {
    vi.useRealTimers();
  });
  const budgets = { standing: () => new Promise<never>(() => undefined) };

  const answer = readiness({ ...working, budgets }, ALL);
  await vi.advanceTimersByTimeAsync(2_001);

  expect(await answer).toMatchObject({
    isReady: false,
    state: { ledger: expect.stringContaining('cannot be read: The ledger has not answered within 2 s.') },
  });
});
