import { describe, expect, test } from 'vitest';
import type { Charts } from '../../../src/console/figures.ts';
import type { Overview } from '../../../src/console/overview/gather.ts';
import { overviewPage } from '../../../src/console/overview/page.ts';
import type { SavingRow } from '../../../src/savings/saving.ts';
import type { SavingsReport } from '../../../src/savings/savings.ts';
import type {
  CurrencySection,
  Ranked,
  RankingKind,
  SpendAmounts,
} from '../../../src/showback/month-report.ts';
import { pricing } from '../../budget/builders.ts';
import { charts, noCharts, pageContext } from '../builders.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const context = pageContext('analyst', { url: '/', nowMs: NOW });

const noSavings: SavingsReport = {
  by: ['team'],
  from: '2026-11-01',
  to: '2026-11-25',
  timeZone: 'UTC',
  rows: [],
  recordsFrom: null,
};

/** A month in which one team was billed on a single day. */
function overview(
  spent: Pick<SpendAmounts, 'bytesBilled' | 'costMicros'>,
  ranked: Partial<Record<RankingKind, readonly Ranked[]>> = {},
): Overview {
  const amounts: SpendAmounts = { queries: 7, freeBytes: 0n, slotMs: 0n, ...spent };
  const nothing = { queries: 0, bytesBilled: 0n, costMicros: 0n };
  const unranked = { first: [], others: null, unnamed: null };
  const section: CurrencySection = {
    currency: 'USD',
    total: amounts,
    beforeMicros: null,
    teams: [{ name: 'dados', days: new Map([['2026-11-23', amounts]]), ...amounts }],
    rankings: {
      dashboard: { ...unranked, first: ranked.dashboard ?? [] },
      card: unranked,
      person: { ...unranked, first: ranked.person ?? [] },
      table: unranked,
      fingerprint: { ...unranked, first: ranked.fingerprint ?? [] },
    },
    refused: { attempts: 0, queries: 0, costMicros: 0n },
    cached: nothing,
    unguarded: nothing,
    assumed: nothing,
  };
  const month = {
    month: '2026-11',
    timeZone: 'UTC',
    days: ['2026-11-22', '2026-11-23'],
    madeAtMs: NOW,
    running: true,
    rolledUp: false,
    sections: [section],
    refusedUnpriced: 0,
    openQueries: 0,
    reconciliation: null,
    head: null,
  };
  return {
    month: { value: month, atMs: NOW },
    today: { value: [], atMs: NOW },
    balances: [],
    hours: { value: [], atMs: NOW },
    latest: [],
    savings: { value: noSavings, atMs: NOW },
    savedToo: null,
    exchangeOn: () => ({ ...pricing, exchangeRates: [] }),
  };
}

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

describe('the most expensive', () => {
  const spent = { bytesBilled: 1n, costMicros: 1n };
  const ranked: Ranked = {
    name: '3',
    isAccount: false,
    detail: 'redash',
    team: null,
    sql: null,
    queries: 1,
    ...spent,
  };

  test('persons link to their decisions, by the name from a tool or by principal', async () => {
    const person = [
      { ...ranked, name: 'bia@example.com' },
      { ...ranked, name: 'etl@example.com', isAccount: true },
    ];

    const page = await overviewPage(overview(spent, { person }), charts, context);

    expect(page).toContain('href="/decisions?person=bia%40example.com"');
    expect(page).toContain('href="/decisions?principal=etl%40example.com"');
  });

  test('dashboards name tool and team, and link to their decisions, without those of the same name elsewhere', async () => {
    const dashboard = [{ ...ranked, team: 'finops' }];

    const page = await overviewPage(overview(spent, { dashboard }), charts, context);

    expect(page).toContain('href="/decisions?dashboard=3&amp;tool=redash&amp;team=finops"');
    expect(page).toContain('<small><bdi>redash · finops</bdi></small>');
  });
});

test('the SQL of the most expensive queries is shown to analysts only', async () => {
  const sql = 'SELECT body FROM atendimento.messages';
  const amounts = { queries: 1, bytesBilled: 1n, costMicros: 1n };
  const fingerprint = [{ name: 'f', isAccount: false, detail: null, team: null, sql, ...amounts }];
  const whole = overview(amounts, { fingerprint });
  const viewer = pageContext('viewer', { url: '/', nowMs: NOW });

  expect(await overviewPage(whole, charts, context)).toContain(`<code>${sql}</code>`);
  expect(await overviewPage(whole, charts, viewer)).not.toContain('atendimento.messages');
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

  expect(page).toContain('<b>$5.00</b><small>R$27.00 · nothing in the month before</small>');
  expect(page).toContain('$5.00<small>R$27.00</small>');
});
