import { expect, test } from 'vitest';
import { convertSavings, savingsOfTeams } from '../../../src/reports/savings/convert.ts';
import type { Saving } from '../../../src/reports/savings/saving.ts';

/** Five reais for a dollar, and six from the 24th on. */
const exchange = {
  currency: 'USD',
  exchangeRates: [
    { to: 'BRL', asOf: '2026-11-01', microsPerUnit: 5_000_000n },
    { to: 'BRL', asOf: '2026-11-24', microsPerUnit: 6_000_000n },
  ],
};

function saving(day: string, savedCostMicros: bigint, changes: Partial<Saving> = {}): Saving {
  return {
    ...{ day, team: 'atendimento', cause: 'refusal', currency: 'USD', needs: 1, attempts: 1 },
    ...{ estimatedBytes: 1n, estimatedCostMicros: 2n * savedCostMicros, savedBytes: 1n, savedCostMicros },
    ...changes,
  };
}

test('each day is converted at its own rate, what was refused as well as what was saved', () => {
  const converted = convertSavings([saving('2026-11-23', 10n), saving('2026-11-24', 10n)], {
    ...exchange,
    to: 'BRL',
  });

  expect(converted).toMatchObject([
    { currency: 'BRL', estimatedCostMicros: 100n, savedCostMicros: 50n },
    { currency: 'BRL', estimatedCostMicros: 120n, savedCostMicros: 60n },
  ]);
});

test('savings from whose currency there is no rate keep it', () => {
  const [kept] = convertSavings([saving('2026-11-23', 10n, { currency: 'EUR' })], { ...exchange, to: 'BRL' });

  expect(kept).toMatchObject({ currency: 'EUR', savedCostMicros: 10n });
});

test('those of teams and days are summed by team, and in all in each other currency', () => {
  const { day: _day, team: _team, ...row } = saving('', 10n);
  const rows = [
    { ...row, keys: ['atendimento', '2026-11-23'] },
    { ...row, keys: ['atendimento', '2026-11-24'] },
    { ...row, keys: ['finops', '2026-11-24'] },
  ];

  const saved = savingsOfTeams(rows, exchange);

  expect(saved.rows).toMatchObject([
    { keys: ['atendimento'], currency: 'USD', savedCostMicros: 20n },
    { keys: ['finops'], currency: 'USD', savedCostMicros: 10n },
  ]);
  expect(saved.converted).toMatchObject({
    from: 'USD',
    rows: [
      { keys: ['atendimento'], currency: 'BRL', savedCostMicros: 110n },
      { keys: ['finops'], currency: 'BRL', savedCostMicros: 60n },
    ],
  });
});
