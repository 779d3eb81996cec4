import fc from 'fast-check';
import { describe, expect, onTestFinished, test } from 'vitest';
import { openLedger } from '../../src/ledger/ledger.ts';
import { createRecords, type Records } from '../../src/records/records.ts';
import { decision, estimateOf, settlement } from './builders.ts';

const always = { fromMs: 0, toMs: Date.UTC(2030, 0) };
const unshared = { sharedQueries: 0, sharedBytesBilled: 0n, sharedCostMicros: 0n };

async function freshRecords(): Promise<Records> {
  const ledger = await openLedger('sqlite::memory:');
  onTestFinished(() => ledger.close());
  return createRecords({ ledger });
}

describe('spend', () => {
  test('sums what was settled, the most bytes first, currencies apart', async () => {
    const records = await freshRecords();
    const finops = { ...decision().caller, team: 'finops' };
    await records.record(decision({ id: 'a' }));
    await records.record(decision({ id: 'b' }));
    await records.record(decision({ id: 'c', caller: finops }));
    await records.record(decision({ id: 'open' }));
    await records.recordSettlement(settlement({ decisionId: 'a' }));
    await records.recordSettlement(settlement({ decisionId: 'b', bytesBilled: 1n << 61n }));
    await records.recordSettlement(settlement({ decisionId: 'c', cost: { currency: 'EUR', micros: 500n } }));

    const rows = await records.spendBy({ by: 'team', ...always });

    expect(rows).toEqual([
      {
        key: 'atendimento',
        currency: 'USD',
        queries: 2,
        bytesBilled: (1n << 61n) + 1000n,
        costMicros: 120n,
        ...unshared,
      },
      { key: 'finops', currency: 'EUR', queries: 1, bytesBilled: 1000n, costMicros: 500n, ...unshared },
    ]);
  });

  test('goes by person, dashboard and fingerprint too, null where there is none', async () => {
    const records = await freshRecords();
    const nobody = { ...decision().caller, person: null, dashboard: null };
    await records.record(decision());
    await records.record(decision({ id: 'b', caller: nobody }));
    await records.recordSettlement(settlement());
    await records.recordSettlement(settlement({ decisionId: 'b', bytesBilled: 1n }));

    const keys = async (by: 'person' | 'dashboard' | 'fingerprint') =>
      (await records.spendBy({ by, ...always })).map(({ key, bytesBilled }) => [key, bytesBilled]);

    expect(await keys('person')).toEqual([
      ['12', 1000n],
      [null, 1n],
    ]);
    expect(await keys('dashboard')).toEqual([
      ['3', 1000n],
      [null, 1n],
    ]);
    expect(await keys('fingerprint')).toEqual([['0123456789abcdef', 1001n]]);
  });

  test('goes by when a query was admitted, from the first instant to just before the last', async () => {
    const records = await freshRecords();
    for (const atMs of [10, 20, 30]) {
      await records.record(decision({ id: `d${atMs}`, atMs }));
      await records.recordSettlement(
        settlement({ decisionId: `d${atMs}`, atMs: 1000, bytesBilled: BigInt(atMs) }),
      );
    }

    const rows = await records.spendBy({ by: 'team', fromMs: 10, toMs: 30 });

    expect(rows).toMatchObject([{ queries: 2, bytesBilled: 30n }]);
  });

  test('counts what is known and not what was assumed before', async () => {
    const records = await freshRecords();
    await records.record(decision());
    await records.record(decision({ id: 'lost' }));
    await records.recordSettlement(settlement({ source: 'assumed', bytesBilled: 7000n }));
    await records.recordSettlement(settlement({ source: 'job', bytesBilled: 10n }));
    await records.recordSettlement(settlement({ decisionId: 'lost', source: 'assumed', bytesBilled: 300n }));

    const rows = await records.spendBy({ by: 'team', ...always });

    expect(rows).toMatchObject([{ queries: 2, bytesBilled: 310n }]);
  });

  test('counts a settlement whose decision was never recorded, under no key', async () => {
    const records = await freshRecords();
    await records.recordSettlement(settlement({ decisionId: 'unrecorded' }));

    for (const by of ['team', 'table'] as const) {
      expect(await records.spendBy({ by, ...always })).toMatchObject([
        { key: null, queries: 1, bytesBilled: 1000n, costMicros: 60n },
      ]);
    }
  });

  test('counts a query in full for each table that it read, and says how much is shared', async () => {
    const records = await freshRecords();
    await records.record(decision({ id: 'both', estimate: estimateOf(['tickets', 'messages']) }));
    await records.record(decision({ id: 'one', estimate: estimateOf(['tickets']) }));
    await records.record(decision({ id: 'none', estimate: estimateOf([]) }));
    await records.recordSettlement(settlement({ decisionId: 'both' }));
    await records.recordSettlement(
      settlement({ decisionId: 'one', bytesBilled: 5n, cost: { currency: 'USD', micros: 1n } }),
    );
    await records.recordSettlement(settlement({ decisionId: 'none', bytesBilled: 2n }));

    const rows = await records.spendBy({ by: 'table', ...always });

    const shared = { sharedQueries: 1, sharedBytesBilled: 1000n, sharedCostMicros: 60n };
    expect(rows).toMatchObject([
      {
        key: 'guardrail-demo.atendimento.tickets',
        queries: 2,
        bytesBilled: 1005n,
        costMicros: 61n,
        ...shared,
      },
      {
        key: 'guardrail-demo.atendimento.messages',
        queries: 1,
        bytesBilled: 1000n,
        costMicros: 60n,
        ...shared,
      },
      { key: null, queries: 1, bytesBilled: 2n, ...unshared },
    ]);
  });

  test('by anything is the whole in its rows; by table, what is not shared is that of single tables', async () => {
    const query = fc.record({
      tables: fc.subarray(['tickets', 'messages', 'agents']),
      bytes: fc.bigInt({ min: 0n, max: 1n << 40n }),
      team: fc.constantFrom('atendimento', 'finops'),
    });

    await fc.assert(
      fc.asyncProperty(fc.array(query, { maxLength: 12 }), async (queries) => {
        const ledger = await openLedger('sqlite::memory:');
        const records = createRecords({ ledger });
        for (const [i, { tables, bytes, team }] of queries.entries()) {
          const caller = { ...decision().caller, team };
          await records.record(decision({ id: `q${i}`, caller, estimate: estimateOf(tables) }));
          await records.recordSettlement(settlement({ decisionId: `q${i}`, bytesBilled: bytes }));
        }

        const byTeam = await records.spendBy({ by: 'team', ...always });
        const byTable = await records.spendBy({ by: 'table', ...always });
        await ledger.close();

        const sum = (amounts: readonly bigint[]) => amounts.reduce((a, b) => a + b, 0n);
        expect(sum(byTeam.map(({ bytesBilled }) => bytesBilled))).toBe(
          sum(queries.map(({ bytes }) => bytes)),
        );
        expect(sum(byTable.map((row) => row.bytesBilled - row.sharedBytesBilled))).toBe(
          sum(queries.filter(({ tables }) => tables.length < 2).map(({ bytes }) => bytes)),
        );
      }),
      { numRuns: 25 },
    );
  });
});
