import { describe, expect, test } from 'vitest';
import { spendIn } from '../../../src/records/spend/spend-in-currency.ts';
import { freshLedger } from '../../ledger/ledgers.ts';
import { enter } from '../journal/entries.ts';
import { always } from './spend.ts';

/** Five reais for a dollar, and six from the 24th on. */
const toReais = {
  to: 'BRL',
  currency: 'USD',
  exchangeRates: [
    { to: 'BRL', asOf: '2026-11-01', microsPerUnit: 5_000_000n },
    { to: 'BRL', asOf: '2026-11-24', microsPerUnit: 6_000_000n },
  ],
};

/** Two days of one team, and one query that was paid in euros. */
async function spent() {
  const ledger = await freshLedger();
  const settled = async (id: string, at: string, cost_micros: bigint, currency = 'USD') => {
    const at_ms = BigInt(Date.parse(at));
    await enter(ledger, { decision: { id, at_ms }, settlement: { cost_micros, currency } });
  };
  await settled('a', '2026-11-23T12:00:00Z', 10n);
  await settled('b', '2026-11-24T12:00:00Z', 100n);
  await settled('c', '2026-11-24T12:00:00Z', 7n, 'EUR');
  return ledger;
}

describe('spend in another currency', () => {
  test('is converted day by day, and what has no rate keeps its currency, in a row of its own', async () => {
    const rows = await spendIn((await spent()).read, { by: ['team'], ...always }, toReais, null);

    expect(
      rows?.map(({ keys, currency, costMicros, queries }) => [...keys, currency, costMicros, queries]),
    ).toEqual([
      ['atendimento', 'BRL', 650n, 2],
      ['atendimento', 'EUR', 7n, 1],
    ]);
  });

  test('keeps the days of a sum by day, and their order', async () => {
    const rows = await spendIn((await spent()).read, { by: ['day', 'team'], ...always }, toReais, null);

    expect(rows?.map(({ keys, currency, costMicros }) => [...keys, currency, costMicros])).toEqual([
      ['2026-11-23', 'atendimento', 'BRL', 50n],
      ['2026-11-24', 'atendimento', 'BRL', 600n],
      ['2026-11-24', 'atendimento', 'EUR', 7n],
    ]);
  });

  test('has as many rows as were allowed, or none', async () => {
    const { read } = await spent();
    const upTo = (maxRows: number) => spendIn(read, { by: ['team'], ...always }, toReais, maxRows);

    expect(await upTo(2)).toHaveLength(2);
    expect(await upTo(1)).toBeNull();
  });

  test('is counted by the rows of the answer, however many days they are of', async () => {
    const ledger = await freshLedger();
    for (let day = 0; day < 40; day += 1) {
      const at_ms = BigInt(Date.UTC(2026, 9, 1 + day, 1));
      await enter(ledger, { decision: { id: `d${day}`, at_ms }, settlement: { cost_micros: 1n } });
    }
    const { read } = ledger;
    const query = { by: ['team'], fromMs: Date.UTC(2026, 8, 20), toMs: Date.UTC(2026, 10, 30) } as const;

    const rows = await spendIn(read, { ...query, timeZone: 'America/Sao_Paulo' }, toReais, 1);

    expect(rows).toMatchObject([{ keys: ['atendimento'], currency: 'BRL', queries: 40, costMicros: 200n }]);
  });
});
