import { describe, expect, test } from 'vitest';
import { pruneRecords } from '../../../src/records/pruning/prune.ts';
import { settledKinds } from '../../../src/records/spend/settled-kinds.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter, enterSettlement } from '../journal/entries.ts';
import { always, keysAndBytes, saoPaulo, unshared } from './spend.ts';

describe('spend', () => {
  test('sums up settlements, most bytes first, with separate currencies', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'a' }, settlement: { free_bytes: 400n } });
    await enter(ledger, { decision: { id: 'b' }, settlement: { bytes_billed: 1n << 61n, slot_ms: null } });
    await enter(ledger, {
      decision: { id: 'c', team: 'finops' },
      settlement: { currency: 'EUR', cost_micros: 500n },
    });
    await enter(ledger, { decision: { id: 'open' }, settlement: null });

    const rows = await spendBy(ledger.read, { by: ['team'], ...always });

    expect(rows).toEqual([
      {
        keys: ['atendimento'],
        currency: 'USD',
        queries: 2,
        bytesBilled: (1n << 61n) + 1000n,
        freeBytes: 400n,
        costMicros: 120n,
        slotMs: 42n,
        ...unshared,
      },
      {
        keys: ['finops'],
        currency: 'EUR',
        queries: 1,
        bytesBilled: 1000n,
        freeBytes: 0n,
        costMicros: 500n,
        slotMs: 42n,
        ...unshared,
      },
    ]);
  });

  test('leaves out queries that did not run or were paid for by another decision, even after pruning', async () => {
    const ledger = await freshLedger();
    const nothing = { bytes_billed: 0n, cost_micros: 0n, slot_ms: null };
    await enter(ledger, { decision: { id: 'ran' }, tables: ['t'] });
    await enter(ledger, {
      decision: { id: 'not run' },
      settlement: { ...nothing, source: 'not run', job_id: null },
    });
    const again = { ...nothing, source: 'repeated', cache_hit: 1n };
    await enter(ledger, { decision: { id: 'again', team: 'finops' }, settlement: again });
    const noJob = { ...nothing, source: 'reconciled', job_id: null, version: 2n };
    await enter(ledger, { decision: { id: 'no job' }, tables: ['t'], settlement: noJob });
    await enterSettlement(ledger, { decision_id: 'lost', ...nothing, source: 'not run', job_id: null });
    const counted = async () => {
      const byTeam = await spendBy(ledger.read, { by: ['team'], ...always });
      const byTable = await spendBy(ledger.read, { by: ['table'], ...always });
      return [...byTeam, ...byTable].map(({ keys, queries }) => [...keys, queries]);
    };

    const before = await counted();
    const cached = await settledKinds(ledger.read, always, 'UTC');
    await pruneRecords(ledger, { beforeMs: always.toMs, nowMs: always.toMs });

    expect(before).toEqual([
      ['atendimento', 1],
      ['t', 1],
    ]);
    expect(cached).toEqual([]);
    expect(await counted()).toEqual(before);
  });

  test('gives exact sums beyond 64 bits', async () => {
    const ledger = await freshLedger();
    const most = 2n ** 63n - 1n;
    await enter(ledger, { decision: { id: 'a', at_ms: 1n }, settlement: { bytes_billed: most } });
    await enter(ledger, { decision: { id: 'b', at_ms: 86_400_001n }, settlement: { bytes_billed: most } });

    const byDay = await spendBy(ledger.read, { by: ['day'], ...always });

    expect(byDay.map(({ bytesBilled }) => bytesBilled)).toEqual([most, most]);
    await expect(spendBy(ledger.read, { by: ['team'], ...always })).rejects.toThrow(/overflow|out of range/);
  });

  test('counts queries by when they were admitted, including the start of the period but not its end', async () => {
    const ledger = await freshLedger();
    for (const at_ms of [10n, 20n, 30n]) {
      await enter(ledger, {
        decision: { id: `d${at_ms}`, at_ms },
        settlement: { at_ms: 1000n, bytes_billed: at_ms },
      });
    }

    const rows = await spendBy(ledger.read, { by: ['team'], fromMs: 10, toMs: 30 });

    expect(rows).toMatchObject([{ queries: 2, bytesBilled: 30n }]);
  });

  test('can be limited to one team', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'a' } });
    await enter(ledger, {
      decision: { id: 'b', team: 'finops', card: '8' },
      settlement: { bytes_billed: 7n },
    });
    await enterSettlement(ledger, { decision_id: 'unrecorded' });

    expect(await keysAndBytes(ledger, { by: ['card'], team: 'finops' })).toEqual([['8', 7n]]);
  });

  test('uses days of the requested time zone, even when clocks change', async () => {
    const ledger = await freshLedger();
    // In 2018 clocks went forward in São Paulo at the midnight that began November 4th: a day of 23 hours.
    const at = (text: string) => BigInt(Date.parse(text));
    const instants = [
      at('2018-11-04T02:59:59.999Z'),
      at('2018-11-04T03:00:00Z'),
      at('2018-11-05T01:59:59.999Z'),
      at('2018-11-05T02:00:00Z'),
    ];
    for (const [i, at_ms] of instants.entries()) {
      await enter(ledger, {
        decision: { id: `d${i}`, at_ms },
        settlement: { bytes_billed: 10n ** BigInt(i) },
      });
    }

    expect(await keysAndBytes(ledger, { by: ['day'], timeZone: saoPaulo })).toEqual([
      ['2018-11-03', 1n],
      ['2018-11-04', 110n],
      ['2018-11-05', 1000n],
    ]);
    expect(await keysAndBytes(ledger, { by: ['day'] })).toEqual([
      ['2018-11-04', 11n],
      ['2018-11-05', 1100n],
    ]);
  });

  test('counts the latest version of a settlement: a known one over an assumed one, a correction over both', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { settlement: { version: 0n, source: 'assumed', bytes_billed: 7000n } });
    const assumed = await keysAndBytes(ledger, { by: ['team'] });
    await enterSettlement(ledger, { version: 1n, source: 'job', bytes_billed: 10n });
    const known = await keysAndBytes(ledger, { by: ['team'] });
    await enterSettlement(ledger, { version: 2n, source: 'reconciled', bytes_billed: 11n });

    expect(assumed).toEqual([['atendimento', 7000n]]);
    expect(known).toEqual([['atendimento', 10n]]);
    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([['atendimento', 11n]]);
  });

  test('counts a settlement without a recorded decision under its day and no other key', async () => {
    const ledger = await freshLedger();
    await enterSettlement(ledger, { decision_id: 'unrecorded' });

    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([[null, 1000n]]);
    expect(await keysAndBytes(ledger, { by: ['table', 'day'] })).toEqual([[null, '2026-11-24', 1000n]]);
  });
});
