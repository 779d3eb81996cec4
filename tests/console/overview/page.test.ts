import { describe, expect, test } from 'vitest';
import type { Charts } from '../../../src/console/figures.ts';
import { overviewPage } from '../../../src/console/overview/page.ts';
import type { SavingRow } from '../../../src/reports/savings/saving.ts';
import { pricing } from '../../budget/builders.ts';
import { charts, noCharts } from '../builders.ts';
import { context, NOW, noSavings, overview } from './builders.ts';

describe('spend of today', () => {
  test('is shown as zero when nothing was spent', async () => {
    const page = await overviewPage(
      overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n }),
      charts,
      context,
    );

    expect(page).toContain('<small>Spent today</small><b>$0.00</b><small>0 queries</small>');
    expect(page).not.toContain('data-soon');
  });

  test("is given in the budgets' currency too, at the rate of the day", async () => {
    const spent = { team: 'dados', currency: 'USD', queries: 2, bytesBilled: 1n, costMicros: 1_500_000n };
    const whole = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });
    const rateOf = (day: string) => (day === '2026-11-24' ? 6_000_000n : 5_000_000n);

    const page = await overviewPage(
      {
        ...whole,
        today: { value: [spent], atMs: NOW },
        exchangeOn: (day) => ({
          currency: 'USD',
          exchangeRates: [{ to: 'BRL', microsPerUnit: rateOf(day), asOf: day }],
        }),
      },
      charts,
      context,
    );

    expect(page).toContain('<small>Spent today</small><b>$1.50</b><small>R$9.00 · 2 queries</small>');
  });

  test('is shown as a dash while it is not yet known, and the page reloads', async () => {
    const whole = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

    const withMonth = await overviewPage({ ...whole, today: null }, charts, context);
    const withNothing = await overviewPage({ ...whole, month: null, today: null }, charts, context);

    for (const page of [withMonth, withNothing]) {
      expect(page).toContain('<small>Spent today</small><b>–</b><small></small>');
      expect(page).toContain('data-soon="true"');
    }
    expect(withMonth).toContain('<td>–</td><td>$5.00</td>');
  });
});

test('while the month is being added up, teams are not said to have spent nothing', async () => {
  const whole = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  const page = await overviewPage({ ...whole, month: null }, charts, context);

  expect(page).not.toContain('Nothing yet');
  expect(page).toContain('<h2>Teams</h2><p class="note">This is being added up');
});

test('the page reloads by itself while the hours for the charts of budgets are being added up', async () => {
  const whole = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  expect(await overviewPage({ ...whole, hours: null }, charts, context)).toContain('data-soon="true"');
});

test('spend of today is totalled below the teams', async () => {
  const spent = { team: 'dados', currency: 'USD', queries: 2, bytesBilled: 1n, costMicros: 1_500_000n };
  const month = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  const page = await overviewPage({ ...month, today: { value: [spent], atMs: NOW } }, charts, context);

  expect(page).toContain('<td>Total</td><td>$1.50</td><td>$5.00</td>');
});

test('spend in another currency is not passed over', async () => {
  const dollars = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });
  const { month } = dollars;
  if (month === null) throw new Error('unreachable: the builder sums the month');
  const [section] = month.value.sections;
  if (section === undefined) throw new Error('unreachable: the builder has one currency');
  const reais = { ...section, currency: 'BRL', total: { ...section.total, costMicros: 12_000_000n } };
  const both = { ...month, value: { ...month.value, sections: [section, reais] } };

  expect(await overviewPage({ ...dollars, month: both }, charts, context)).toContain('this page: R$12.00.');
  expect(await overviewPage(dollars, charts, context)).not.toContain('Also spent this month');
});

describe('savings of the month', () => {
  const row: SavingRow = {
    keys: ['dados'],
    currency: 'USD',
    cause: 'refusal',
    needs: 2,
    attempts: 3,
    estimatedBytes: 4n << 30n,
    estimatedCostMicros: 900_000n,
    savedBytes: 2n << 30n,
    savedCostMicros: 700_000n,
  };
  const spent = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  test('are one figure at the top of the page, which links to their table', async () => {
    const savings = { value: { ...noSavings, rows: [row] }, atMs: NOW };

    const savedToo = { from: 'USD', rows: [{ ...row, currency: 'BRL', savedCostMicros: 3_500_000n }] };

    const page = await overviewPage({ ...spent, savings, savedToo }, charts, context);

    expect(page).toContain(
      '<small>Saved this month</small><b>$0.70</b><small>R$3.50 · <a href="#savings">by 2 refused queries</a></small>',
    );
    expect(page).toMatch(/<section id="savings">.*\$0\.70<small>R\$3\.50<.*<\/section>/s);
  });

  test('are shown as a dash while not yet known, and the page reloads', async () => {
    const page = await overviewPage({ ...spent, savings: null }, charts, context);

    expect(page).toContain('<small>Saved this month</small><b>–</b><small></small>');
    expect(page).toContain('data-soon="true"');
  });
});

describe('the chart of days', () => {
  const unitOf = async (costMicros: bigint) => {
    const units: string[] = [];
    const columns: Charts['columns'] = async ({ unit }) => {
      units.push(unit);
      return '';
    };
    await overviewPage(overview({ bytesBilled: 1n << 30n, costMicros }), { ...charts, columns }, context);
    return units;
  };

  test('compares costs, or bytes if nothing had a cost', async () => {
    expect(await unitOf(5_000_000n)).toEqual(['USD']);
    expect(await unitOf(0n)).toEqual(['bytes']);
  });
});

describe('the figures under the chart of days', () => {
  test('are costs, as in the chart', async () => {
    const page = await overviewPage(
      overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n }),
      charts,
      context,
    );

    expect(page).toContain('<tr><td>Nov 23, 2026</td><td>$5.00</td></tr>');
    expect(page).not.toContain('<tr><td>Nov 22, 2026</td>');
  });

  test('are bytes, as in the chart, if nothing had a cost', async () => {
    const page = await overviewPage(overview({ bytesBilled: 1n << 30n, costMicros: 0n }), charts, context);

    expect(page).toContain('<th scope="col">Day</th><th scope="col">Data billed</th>');
    expect(page).toContain('<tr><td>Nov 23, 2026</td><td>1 GiB</td></tr>');
  });
});

test('a page whose charts are not drawn yet is shown without them and reloads itself', async () => {
  const month = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  const without = await overviewPage(month, noCharts, context);
  const drawn = await overviewPage(month, charts, context);

  expect(without).toContain('data-soon');
  expect(without).not.toContain('<figure>');
  expect(without).toContain('<td>Nov 23, 2026</td><td>$5.00</td>');
  expect(drawn).not.toContain('data-soon');
  expect(drawn).toContain('<figure>');
});

test('spend of the month is also given in other currencies, in total and by team, at the rates of its days', async () => {
  const inDollars = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

  const page = await overviewPage({ ...inDollars, exchangeOn: () => pricing }, charts, context);

  expect(page).toContain('<b>$5.00</b><small>R$27.00 · nothing on the same days of last month</small>');
  expect(page).toContain('$5.00<small>R$27.00</small>');
});
