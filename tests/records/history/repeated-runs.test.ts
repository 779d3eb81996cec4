import { expect, test } from 'vitest';
import { createBooks } from '../../../src/books/books.ts';
import { repeatedRuns } from '../../../src/records/history/repeated-runs.ts';
import type { Decision } from '../../../src/vocabulary/decision.ts';
import { admission, settled } from '../../books/builders.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { decision } from '../builders.ts';

const noon = Date.UTC(2026, 10, 24, 12);
const minutes = (count: number) => noon + count * 60_000;

/** Runs of a query, each billed 100 bytes at a micro a byte, unless it came from the cache. */
async function repeatsOf(runs: readonly (Partial<Decision> & { readonly billed?: bigint })[]) {
  const ledger = await freshLedger();
  const books = createBooks({ ledger });
  for (const [index, { billed = 100n, ...changes }] of runs.entries()) {
    const admitted = admission(`run-${index}`, { atMs: changes.atMs ?? noon });
    await books.admit({ ...admitted, decision: { ...admitted.decision, atMs: noon, ...changes } });
    await books.settle(
      settled(`run-${index}`, billed, { admittedAtMs: changes.atMs ?? noon, jobId: `p:US.run-${index}` }),
    );
  }
  const { sql, reading, caller } = decision();
  return repeatedRuns(ledger.read, {
    sql,
    fingerprint: reading.fingerprint,
    principal: caller.principal ?? '',
    currency: 'USD',
    sinceMs: noon - 3_600_000,
  });
}

test('runs in the same hour as an earlier run of the same query count as repeats, at the bytes they were billed', async () => {
  const runs = [minutes(0), minutes(10), minutes(59), minutes(60), minutes(61)].map((atMs) => ({ atMs }));

  expect(await repeatsOf(runs)).toEqual({ bytesBilled: 300n, cost: { currency: 'USD', micros: 300n } });
});

test('a query with another literal or principal is not a repeat, and a repeat that was not billed costs nothing', async () => {
  const other = { ...decision().caller, principal: 'other@x.example' };

  const repeats = await repeatsOf([{}, { sql: 'SELECT 2' }, { caller: other }, { billed: 0n }]);

  expect(repeats).toEqual({ bytesBilled: 0n, cost: { currency: 'USD', micros: 0n } });
});

test('there are no repeats when nothing ran in the period', async () => {
  const long = noon - 2 * 3_600_000;

  expect(await repeatsOf([{ atMs: long }, { atMs: long }])).toMatchObject({ bytesBilled: 0n });
});
