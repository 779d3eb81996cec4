import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { type Ledger, openLedger } from '../../src/ledger/ledger.ts';
import { pruneRecords } from '../../src/records/prune.ts';
import { settledKinds } from '../../src/records/settled-kinds.ts';
import { spendBy } from '../../src/records/spend-by.ts';
import { type SpendKey, type SpendQuery, spendKeys } from '../../src/records/spend-query.ts';
import { enter, enterSettlement } from './entries.ts';

const always = { fromMs: 0, toMs: Date.UTC(2030, 0) };
const unshared = { sharedQueries: 0, sharedBytesBilled: 0n, sharedCostMicros: 0n };
const saoPaulo = 'America/Sao_Paulo';

async function freshLedger(): Promise<Ledger> {
  const ledger = await openLedger('sqlite::memory:');
  onTestFinished(() => ledger.close());
  return ledger;
}

async function keysAndBytes(ledger: Ledger, query: Partial<SpendQuery> & Pick<SpendQuery, 'by'>) {
  const rows = await spendBy(ledger.read, { ...always, ...query });
  return rows.map(({ keys, bytesBilled }) => [...keys, bytesBilled]);
}

describe('spend', () => {
  test('sums what was settled, the most bytes first, currencies apart', async () => {
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

  test('leaves out what did not run, and what another decision has paid for, also once it is pruned', async () => {
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
    const cached = await settledKinds(ledger.read, always);
    await pruneRecords(ledger, { beforeMs: always.toMs, nowMs: always.toMs });

    expect(before).toEqual([
      ['atendimento', 1],
      ['t', 1],
    ]);
    expect(cached).toEqual([]);
    expect(await counted()).toEqual(before);
  });

  test('sums exactly where the whole is more than 64 bits hold, rather than round it', async () => {
    const ledger = await freshLedger();
    const most = 2n ** 63n - 1n;
    await enter(ledger, { decision: { id: 'a', at_ms: 1n }, settlement: { bytes_billed: most } });
    await enter(ledger, { decision: { id: 'b', at_ms: 86_400_001n }, settlement: { bytes_billed: most } });

    const byDay = await spendBy(ledger.read, { by: ['day'], ...always });

    expect(byDay.map(({ bytesBilled }) => bytesBilled)).toEqual([most, most]);
    await expect(spendBy(ledger.read, { by: ['team'], ...always })).rejects.toThrow(/overflow/);
  });

  test('goes by whatever tells who or what, null where there is nothing', async () => {
    const ledger = await freshLedger();
    const nothing = { principal: null, tool: null, person: null, dashboard: null, card: null };
    await enter(ledger, { tables: ['p.d.tickets'] });
    await enter(ledger, {
      decision: { id: 'b', project_id: 'p', fingerprint: 'f', ...nothing },
      settlement: { bytes_billed: 1n },
    });

    const expected: Readonly<Record<Exclude<SpendKey, 'day' | 'team'>, readonly [string, string | null]>> = {
      principal: ['bi@guardrail-demo.iam.gserviceaccount.com', null],
      tool: ['metabase', null],
      person: ['12', null],
      dashboard: ['3', null],
      card: ['7', null],
      table: ['p.d.tickets', null],
      fingerprint: ['0123456789abcdef', 'f'],
      project: ['guardrail-demo', 'p'],
    };

    for (const by of spendKeys) {
      if (by === 'day' || by === 'team') continue;
      const [first, second] = expected[by];
      expect(await keysAndBytes(ledger, { by: [by] })).toEqual([
        [first, 1000n],
        [second, 1n],
      ]);
    }
  });

  test('goes by several keys at once, and keeps persons of two tools apart where it is asked to', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'a' } });
    await enter(ledger, { decision: { id: 'b', tool: 'redash' }, settlement: { bytes_billed: 5n } });

    expect(await keysAndBytes(ledger, { by: ['person'] })).toEqual([['12', 1005n]]);
    expect(await keysAndBytes(ledger, { by: ['tool', 'person'] })).toEqual([
      ['metabase', '12', 1000n],
      ['redash', '12', 5n],
    ]);
  });

  test('refuses keys that do not go together, and zones that there are not', async () => {
    const ledger = await freshLedger();
    const asked = (query: Partial<SpendQuery> & Pick<SpendQuery, 'by'>) =>
      spendBy(ledger.read, { ...always, ...query });

    await expect(asked({ by: ['table', 'person'] })).rejects.toThrow(/by table, team and day only/);
    await expect(asked({ by: [] })).rejects.toThrow(/one to 4/);
    await expect(asked({ by: ['team', 'team'] })).rejects.toThrow(/each key once/);
    await expect(asked({ by: ['day'], timeZone: 'Mars/Olympus' })).rejects.toThrow(RangeError);
  });

  test('goes by when a query was admitted, from the first instant to just before the last', async () => {
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

  test("tells one team's alone", async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'a' } });
    await enter(ledger, {
      decision: { id: 'b', team: 'finops', card: '8' },
      settlement: { bytes_billed: 7n },
    });
    await enterSettlement(ledger, { decision_id: 'unrecorded' });

    expect(await keysAndBytes(ledger, { by: ['card'], team: 'finops' })).toEqual([['8', 7n]]);
  });

  test('goes by days of the zone asked for, also where clocks change', async () => {
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

  test('counts the version that stands: what is known for what was assumed, what was corrected for both', async () => {
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

  test('counts a settlement whose decision was never recorded, under no key but its day', async () => {
    const ledger = await freshLedger();
    await enterSettlement(ledger, { decision_id: 'unrecorded' });

    expect(await keysAndBytes(ledger, { by: ['team'] })).toEqual([[null, 1000n]]);
    expect(await keysAndBytes(ledger, { by: ['table', 'day'] })).toEqual([[null, '2026-11-24', 1000n]]);
  });

  test('counts a query in full for each table that it read, and says how much is shared', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'both' }, tables: ['p.d.tickets', 'p.d.messages'] });
    await enter(ledger, {
      decision: { id: 'one' },
      tables: ['p.d.tickets'],
      settlement: { bytes_billed: 5n, cost_micros: 1n },
    });
    await enter(ledger, { decision: { id: 'none' }, settlement: { bytes_billed: 2n } });

    const rows = await spendBy(ledger.read, { by: ['table'], ...always });

    const shared = { sharedQueries: 1, sharedBytesBilled: 1000n, sharedCostMicros: 60n };
    expect(rows).toMatchObject([
      { keys: ['p.d.tickets'], queries: 2, bytesBilled: 1005n, costMicros: 61n, ...shared },
      { keys: ['p.d.messages'], queries: 1, bytesBilled: 1000n, costMicros: 60n, ...shared },
      { keys: [null], queries: 1, bytesBilled: 2n, ...unshared },
    ]);
  });

  test('by anything is the whole in its rows; by table, what is not shared is that of single tables', async () => {
    const query = fc.record({
      tables: fc.subarray(['p.d.tickets', 'p.d.messages', 'p.d.agents']),
      bytes: fc.bigInt({ min: 0n, max: 1n << 40n }),
      team: fc.constantFrom('atendimento', 'finops'),
      at_ms: fc.bigInt({ min: 0n, max: 400_000_000n }),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(query, { maxLength: 12 }), async (queries) => {
        const ledger = await openLedger('sqlite::memory:');
        for (const [i, { tables, bytes, team, at_ms }] of queries.entries()) {
          await enter(ledger, {
            decision: { id: `q${i}`, team, at_ms },
            tables,
            settlement: { bytes_billed: bytes },
          });
        }

        const rowsBy = (by: SpendKey) => spendBy(ledger.read, { by: [by], ...always, timeZone: saoPaulo });
        const byTeam = await rowsBy('team');
        const byDay = await rowsBy('day');
        const byTable = await rowsBy('table');
        await ledger.close();

        const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);
        const whole = sum(queries.map(({ bytes }) => bytes));
        expect(sum(byTeam.map(({ bytesBilled }) => bytesBilled))).toBe(whole);
        expect(sum(byDay.map(({ bytesBilled }) => bytesBilled))).toBe(whole);
        expect(sum(byTable.map((row) => row.bytesBilled - row.sharedBytesBilled))).toBe(
          sum(queries.filter(({ tables }) => tables.length < 2).map(({ bytes }) => bytes)),
        );
      }),
      { numRuns: 25 },
    );
  });
});
