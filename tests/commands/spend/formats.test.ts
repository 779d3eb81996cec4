import { describe, expect, test } from 'vitest';
import {
  type SpendAnswer,
  spendAsCsv,
  spendAsJson,
  spendAsTable,
} from '../../../src/commands/spend/formats.ts';
import type { SpendRow } from '../../../src/records/spend/spend-query.ts';

const row: SpendRow = {
  keys: ['atendimento'],
  currency: 'USD',
  queries: 1200,
  bytesBilled: 3n << 40n,
  freeBytes: 0n,
  costMicros: 18_750_000n,
  slotMs: 5_400_000n,
  sharedQueries: 0,
  sharedBytesBilled: 0n,
  sharedCostMicros: 0n,
};

function answer(rows: readonly Partial<SpendRow>[], changes: Partial<SpendAnswer> = {}): SpendAnswer {
  return {
    by: ['team'],
    timeZone: 'America/Sao_Paulo',
    from: '2026-11-01T03:00:00.000Z',
    to: '2026-12-01T03:00:00.000Z',
    spend: rows.map((changed) => ({ ...row, ...changed })),
    ...changes,
  };
}

describe('spend as a table', () => {
  test('has aligned columns, shares as bars, and the total', () => {
    const text = spendAsTable(
      answer([{}, { keys: [null], queries: 4, bytesBilled: 1n << 40n, costMicros: 6_250_000n, slotMs: 0n }]),
    );

    expect(text).toBe(`Spend by team, 2026-11-01 00:00 to 2026-12-01 00:00 (America/Sao_Paulo)

team         queries  billed  slot-h    cost  share
atendimento    1,200   3 TiB    1.50  $18.75   75.0 %  ███████████████
(none)             4   1 TiB    0.00   $6.25   25.0 %  █████
total          1,204   4 TiB          $25.00
`);
  });

  test('separates currencies, in shares and totals', () => {
    const text = spendAsTable(answer([{}, { currency: 'BRL', costMicros: 5_000_000n }]));

    expect(text.match(/100\.0 %/g)).toHaveLength(2);
    expect(text).toMatch(/total .*\$18\.75\ntotal .*R\$5\.00\n$/);
  });

  test('has no total by table, since rows overlap, and says so', () => {
    const text = spendAsTable(answer([{ keys: ['p.d.t'] }], { by: ['table'] }));

    expect(text).not.toMatch(/^total/m);
    expect(text).toContain('rows overlap');
  });

  test('says so if nothing was spent', () => {
    expect(spendAsTable(answer([]))).toContain('Nothing was spent.');
  });

  test('removes terminal control characters from names', () => {
    const text = spendAsTable(answer([{ keys: ['\u001b[31mred\u202e\n'] }]));

    expect(text).toContain('�[31mred��');
    expect(text).not.toContain('\u001b');
  });
});

describe('spend as CSV', () => {
  test('is exact, with a column for each key', () => {
    const text = spendAsCsv(
      answer([{ keys: ['atendimento', '2026-11-01'], bytesBilled: 2n ** 62n, costMicros: 60n }], {
        by: ['team', 'day'],
      }),
    );

    expect(text).toBe(
      'team,day,queries,bytes_billed,free_bytes,slot_ms,cost,currency\n' +
        'atendimento,2026-11-01,1200,4611686018427387904,0,5400000,0.000060,USD\n',
    );
  });

  test.each(['=HYPERLINK("http://x","y")', '+1', '-1+1', '@SUM(A1)', '\t=1', '\r=1'])(
    'keeps a spreadsheet from running %j',
    (name) => {
      const [, line] = spendAsCsv(answer([{ keys: [name] }])).split(/\n(?=["'])/);

      expect(line?.replace(/^"/, '')).toMatch(/^'/);
    },
  );
});

describe('spend as JSON', () => {
  test('is exact, and names each key', () => {
    const json: unknown = JSON.parse(
      spendAsJson(answer([{ bytesBilled: 2n ** 62n, costMicros: 1n }, { keys: [null] }])),
    );

    expect(json).toMatchObject({
      by: ['team'],
      timeZone: 'America/Sao_Paulo',
      spend: [
        { team: 'atendimento', bytesBilled: '4611686018427387904', cost: '0.000001', currency: 'USD' },
        { team: null, cost: '18.750000', queries: 1200 },
      ],
    });
  });
});
