import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createFingerprintHistories } from '../../../src/records/history/fingerprint-history.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter, enterSettlement } from '../journal/entries.ts';
import { ledgerAway } from './ledger-away.ts';

const noErrors = { maxEntries: 10, onError: (error: unknown) => expect.unreachable(String(error)) };
const usd = (micros: bigint) => ({ currency: 'USD', micros });

type Settled = NonNullable<Parameters<typeof enter>[1]>['settlement'];

/** Records a run of the query with fingerprint `f`, later with a higher number. */
async function ran(ledger: Ledger, number: number, micros: bigint, changes: Settled = {}): Promise<void> {
  await enter(ledger, {
    decision: { id: `f${number}`, at_ms: BigInt(number), fingerprint: 'f' },
    settlement: { currency: 'USD', cost_micros: micros, source: 'response', ...changes },
  });
}

describe('the history of a query', () => {
  test('gives its runs, its median and 95th percentile cost, and when it last ran', async () => {
    const ledger = await freshLedger();
    for (let i = 1; i <= 20; i += 1) await ran(ledger, i, BigInt(21 - i) * 100n);

    const history = await createFingerprintHistories({ ledger, ...noErrors }).of('f', 'USD');

    expect(history).toEqual({ runs: 20, medianCost: usd(1000n), p95Cost: usd(1900n), lastSeenMs: 20 });
  });

  test('covers the latest 100 runs', async () => {
    const ledger = await freshLedger();
    for (let i = 1; i <= 103; i += 1) await ran(ledger, i, i <= 3 ? 1_000_000n : 7n);

    const history = await createFingerprintHistories({ ledger, ...noErrors }).of('f', 'USD');

    expect(history).toEqual({ runs: 100, medianCost: usd(7n), p95Cost: usd(7n), lastSeenMs: 103 });
  });

  test('is empty for a query that never ran', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 5n);

    const history = await createFingerprintHistories({ ledger, ...noErrors }).of('another', 'USD');

    expect(history).toEqual({ runs: 0, medianCost: null, p95Cost: null, lastSeenMs: null });
  });

  test('leaves out runs that were assumed, repeated, not run, failed at no cost, or in another currency', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 10n);
    await ran(ledger, 2, 0n, { cache_hit: 1n });
    await ran(ledger, 3, 99n, { version: 0n, source: 'assumed' });
    await ran(ledger, 4, 99n, { source: 'repeated' });
    await ran(ledger, 5, 0n, { source: 'not run' });
    await ran(ledger, 6, 0n, { error_reason: 'invalidQuery' });
    await ran(ledger, 7, 99n, { currency: 'BRL' });
    await ran(ledger, 8, 30n, { error_reason: 'stopped' });

    const history = await createFingerprintHistories({ ledger, ...noErrors }).of('f', 'USD');

    expect(history).toEqual({ runs: 3, medianCost: usd(10n), p95Cost: usd(30n), lastSeenMs: 8 });
  });

  test('uses the latest settlement of each run', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 900n);
    const corrected = { decision_id: 'f1', version: 2n, currency: 'USD', cost_micros: 10n };
    await enterSettlement(ledger, { ...corrected, source: 'reconciled' });

    const history = await createFingerprintHistories({ ledger, ...noErrors }).of('f', 'USD');

    expect(history).toMatchObject({ runs: 1, medianCost: usd(10n) });
  });

  test('is cached, but fetched again after the ledger failed to answer', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 10n);
    const errors: unknown[] = [];
    const away = ledgerAway(ledger);
    const histories = createFingerprintHistories({
      ledger: away.ledger,
      maxEntries: 10,
      onError: (error) => errors.push(error),
    });

    const before = await histories.of('f', 'USD');
    away.comeBack();
    const after = await histories.of('f', 'USD');
    await ran(ledger, 2, 99n);
    const later = await histories.of('f', 'USD');

    expect([before, after?.runs, later?.runs]).toEqual([null, 1, 1]);
    expect(errors).toMatchObject([{ message: 'down' }]);
  });
});
