import { describe, expect, test } from 'vitest';
import type { Ledger } from '../../../src/ledger/ledger.ts';
import { createSlotHistory } from '../../../src/records/history/slot-history.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter, enterSettlement } from '../journal/entries.ts';
import { ledgerAway } from './ledger-away.ts';

const noErrors = { maxEntries: 10, onError: (error: unknown) => expect.unreachable(String(error)) };

/** A run of the query with fingerprint `f`, the later the higher its number. */
async function ran(ledger: Ledger, number: number, slotMs: bigint | null, fingerprint = 'f'): Promise<void> {
  const decision = { id: `${fingerprint}${number}`, at_ms: BigInt(number), fingerprint };
  await enter(ledger, { decision, settlement: { slot_ms: slotMs } });
}

describe('the slot time expected of a query', () => {
  test('is the 95th percentile of its last runs', async () => {
    const ledger = await freshLedger();
    for (let i = 1; i <= 21; i += 1) await ran(ledger, i, i === 1 ? 1_000_000n : BigInt(i));

    const history = createSlotHistory({ ledger, ...noErrors });

    expect(await history.expectedSlotMs('f')).toBe(20n);
  });

  test('is unknown for a query that never ran, or whose runs reported no slot time', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, null);
    await ran(ledger, 2, 0n);
    await ran(ledger, 3, 5n, 'another');

    const history = createSlotHistory({ ledger, ...noErrors });

    expect(await history.expectedSlotMs('f')).toBeNull();
  });

  test('uses the latest settlement of each run, but not assumed ones', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 900n);
    await enterSettlement(ledger, { decision_id: 'f1', version: 2n, slot_ms: 10n, source: 'reconciled' });
    const assumed = { version: 0n, slot_ms: 700n, source: 'assumed' };
    await enter(ledger, { decision: { id: 'f2', fingerprint: 'f' }, settlement: assumed });

    const history = createSlotHistory({ ledger, ...noErrors });

    expect(await history.expectedSlotMs('f')).toBe(10n);
  });

  test('is cached, but fetched again after the ledger failed to answer', async () => {
    const ledger = await freshLedger();
    await ran(ledger, 1, 10n);
    const errors: unknown[] = [];
    const away = ledgerAway(ledger);
    const history = createSlotHistory({
      ledger: away.ledger,
      maxEntries: 10,
      onError: (error) => errors.push(error),
    });

    const before = await history.expectedSlotMs('f');
    away.comeBack();
    const after = await history.expectedSlotMs('f');
    await ran(ledger, 2, 99n);
    const later = await history.expectedSlotMs('f');

    expect([before, after, later]).toEqual([null, 10n, 10n]);
    expect(errors).toMatchObject([{ message: 'down' }]);
  });
});
