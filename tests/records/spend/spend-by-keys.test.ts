import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openLedger } from '../../../src/ledger/ledger.ts';
import { spendBy } from '../../../src/records/spend/spend-by.ts';
import { type SpendKey, type SpendQuery, spendKeys } from '../../../src/records/spend/spend-query.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter } from '../journal/entries.ts';
import { always, keysAndBytes, saoPaulo, unshared } from './spend.ts';

describe('spend', () => {
  test('can be grouped by any attribute of the caller or the query, with null for none', async () => {
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

  test('can be grouped by several keys, which keeps persons of two tools apart on request', async () => {
    const ledger = await freshLedger();
    await enter(ledger, { decision: { id: 'a' } });
    await enter(ledger, { decision: { id: 'b', tool: 'redash' }, settlement: { bytes_billed: 5n } });

    expect(await keysAndBytes(ledger, { by: ['person'] })).toEqual([['12', 1005n]]);
    expect(await keysAndBytes(ledger, { by: ['tool', 'person'] })).toEqual([
      ['metabase', '12', 1000n],
      ['redash', '12', 5n],
    ]);
  });

  test('rejects keys that cannot be combined, and unknown time zones', async () => {
    const ledger = await freshLedger();
    const asked = (query: Partial<SpendQuery> & Pick<SpendQuery, 'by'>) =>
      spendBy(ledger.read, { ...always, ...query });

    await expect(asked({ by: ['table', 'person'] })).rejects.toThrow(/by table, team and day only/);
    await expect(asked({ by: [] })).rejects.toThrow(/one to 4/);
    await expect(asked({ by: ['team', 'team'] })).rejects.toThrow(/each key once/);
    await expect(asked({ by: ['day'], timeZone: 'Mars/Olympus' })).rejects.toThrow(RangeError);
  });

  test('counts a query in full for each table it read, and says how much is shared', async () => {
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

  test('adds up to the total by any key; by table, the unshared part is that of queries over one table', async () => {
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
