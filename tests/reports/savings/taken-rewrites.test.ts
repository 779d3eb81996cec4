import { describe, expect, test } from 'vitest';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enterSettlement } from '../../records/journal/entries.ts';
import { nobodyElse, november, refuse, report, run } from './books.ts';

describe('a rewrite that was taken', () => {
  test('saves the refused estimate minus the most that a run of the rewrite was billed, and the refusal itself saves nothing', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) }, ['r', 's']);
    await run(ledger, { at: november(24, 10), fingerprint: 'r', bytes: 0n, micros: 0n });
    await run(ledger, { at: november(26, 10), fingerprint: 's', bytes: 400n, micros: 40n });

    const { rows } = await report(ledger);

    expect(rows).toEqual([
      {
        ...nobodyElse,
        cause: 'rewrite',
        needs: 1,
        attempts: 1,
        estimatedBytes: 1000n,
        estimatedCostMicros: 100n,
        savedBytes: 600n,
        savedCostMicros: 60n,
      },
    ]);
  });

  test('counts whichever of the forms that were offered was billed most', async () => {
    const ledger = await freshLedger();
    for (const [person, dear, cheap] of [
      ['12', 'r', 's'],
      ['13', 's', 'r'],
    ] as const) {
      await refuse(ledger, { at: november(24, 9), person }, ['r', 's']);
      await run(ledger, { at: november(24, 10), person, fingerprint: dear, bytes: 400n });
      await run(ledger, { at: november(24, 11), person, fingerprint: cheap, bytes: 0n });
    }

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ cause: 'rewrite', needs: 2, savedBytes: 1200n }]);
  });

  test('counts once if it is identical to the query', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) }, ['q']);
    await run(ledger, { at: november(24, 10), bytes: 400n, micros: 40n });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ cause: 'rewrite', needs: 1, savedBytes: 600n, savedCostMicros: 60n }]);
  });

  test('counts from its first offer of a day until a week after the last', async () => {
    const ledger = await freshLedger();
    for (const person of ['12', '13', '14']) {
      await refuse(ledger, { at: november(23, 9), person }, ['r']);
      await refuse(ledger, { at: november(23, 20), person }, ['r']);
    }
    await run(ledger, { at: november(23, 10), fingerprint: 'r' });
    await run(ledger, { at: november(30, 19), fingerprint: 'r', person: '13' });
    await run(ledger, { at: november(30, 21), fingerprint: 'r', person: '14' });

    const { rows } = await report(ledger);

    expect(rows.map(({ cause, needs }) => [cause, needs])).toEqual([
      ['rewrite', 2],
      ['refusal', 1],
    ]);
  });

  test('counts on the day of the refusal if it runs within a week', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(23, 9) }, ['r']);
    await run(ledger, { at: november(30, 8), fingerprint: 'r' });
    await refuse(ledger, { at: november(23, 9), person: '13' }, ['r']);
    await run(ledger, { at: november(30, 10), fingerprint: 'r', person: '13' });

    const { rows } = await report(ledger, { by: ['day'], to: '2026-11-24' });

    expect(rows.map(({ keys, cause, needs }) => [...keys, cause, needs])).toEqual([
      ['2026-11-23', 'refusal', 1],
      ['2026-11-23', 'rewrite', 1],
    ]);
  });

  test.for<[string, (ledger: Awaited<ReturnType<typeof freshLedger>>) => Promise<unknown>]>([
    ['before it was offered', (ledger) => run(ledger, { at: november(24, 8), fingerprint: 'r' })],
    ['by somebody else', (ledger) => run(ledger, { at: november(24, 10), fingerprint: 'r', person: '13' })],
    ['by nobody named', (ledger) => run(ledger, { at: november(24, 10), fingerprint: 'r', person: null })],
    [
      'and failed for nothing',
      (ledger) =>
        run(ledger, { at: november(24, 10), fingerprint: 'r', bytes: 0n }, { error_reason: 'invalidQuery' }),
    ],
    [
      'and did not run',
      (ledger) => run(ledger, { at: november(24, 10), fingerprint: 'r' }, { source: 'not run' }),
    ],
    ['and was refused too', (ledger) => refuse(ledger, { at: november(24, 10), fingerprint: 'r' })],
  ])('is not credited if the rewritten form was run %s', async ([, ask]) => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) }, ['r']);
    await ask(ledger);

    const { rows } = await report(ledger);

    expect(rows.map(({ cause }) => cause)).toEqual(['refusal']);
  });

  test('counts what a cancelled run was billed, and uses corrections', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9), person: null }, ['r']);
    const taken = { at: november(24, 10), fingerprint: 'r', person: null, bytes: 900n };
    const id = await run(ledger, taken, { error_reason: 'stopped' });
    await enterSettlement(ledger, { decision_id: id, version: 2n, bytes_billed: 250n, cost_micros: 25n });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ cause: 'rewrite', savedBytes: 750n, savedCostMicros: 75n }]);
  });

  test('is found however many runs of other people come before it', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) }, ['r']);
    await refuse(ledger, { at: november(24, 9), person: '13' }, ['r']);
    // More than one statement reads.
    for (let i = 0; i < 550; i += 1) {
      await run(ledger, { at: Number(november(24, 10)) + i, fingerprint: 'r', person: '13' });
    }
    await run(ledger, { at: november(25, 10), fingerprint: 'r', bytes: 400n });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ cause: 'rewrite', needs: 2, savedBytes: 990n + 600n }]);
  });

  test('that was paid for in another currency saves bytes, and an unknown amount of money', async () => {
    const ledger = await freshLedger();
    await refuse(ledger, { at: november(24, 9) }, ['r']);
    await run(ledger, { at: november(24, 10), fingerprint: 'r', currency: 'EUR' });

    const { rows } = await report(ledger);

    expect(rows).toMatchObject([{ currency: 'USD', savedBytes: 990n, savedCostMicros: 0n }]);
  });
});
