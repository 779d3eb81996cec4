import { describe, expect, test } from 'vitest';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter } from '../../records/journal/entries.ts';
import { nobodyElse, november, refuse, report, run } from './books.ts';

describe('a refused query', () => {
  test('saves its lowest estimate, once per person and day, however often it is sent', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) });
    await refuse(ledger, { at: november(24, 10), bytes: 900n, micros: 90n });
    await refuse(ledger, { at: november(24, 11), bytes: 5000n, micros: 500n });
    await refuse(ledger, { at: november(24, 9), person: '13' });
    await refuse(ledger, { at: november(25, 9) });

    const { rows } = await report(ledger);

    expect(rows).toEqual([
      {
        ...nobodyElse,
        cause: 'refusal',
        needs: 3,
        attempts: 5,
        estimatedBytes: 2900n,
        estimatedCostMicros: 290n,
        savedBytes: 2900n,
        savedCostMicros: 290n,
      },
    ]);
  });

  test('that ran after all on the same day saves only the difference', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) });
    await run(ledger, { at: november(24, 10), bytes: 300n, micros: 30n });
    await run(ledger, { at: november(24, 11), bytes: 200n, micros: 20n });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([
      { cause: 'refusal', needs: 1, estimatedBytes: 1000n, savedBytes: 700n, savedCostMicros: 70n },
    ]);
  });

  test('that ran after all saves only the difference, whatever is offered for it later', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) });
    await run(ledger, { at: november(24, 10), bytes: 300n, micros: 30n });
    await refuse(ledger, { at: november(24, 11) }, ['q']);

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ cause: 'refusal', needs: 1, savedBytes: 700n, savedCostMicros: 70n }]);
  });

  test('never saves a negative amount', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) });
    await run(ledger, { at: november(24, 10), bytes: 3000n, micros: 300n });
    await refuse(ledger, { at: november(24, 9), person: '13', bytes: 7n, micros: 5n });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ needs: 2, savedBytes: 7n, savedCostMicros: 5n }]);
  });

  test('without a price saves an unknown amount', async () => {
    const ledger = await freshLedger();
    const unpriced = { estimated_bytes_billed: null, estimated_cost_micros: null, estimated_currency: null };
    const decision = { outcome: 'refused', at_ms: BigInt(Number(november(24, 9))), ...unpriced };
    await enter(ledger, { decision, settlement: null });

    const { rows } = await report(ledger);

    expect(rows).toEqual([]);
  });

  test('whose price changed currency within a day counts once, in the first', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) });
    await refuse(ledger, { at: november(24, 10), currency: 'EUR' });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ currency: 'USD', needs: 1, savedBytes: 1000n }]);
  });
});
