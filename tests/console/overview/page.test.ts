import { describe, expect, test } from 'vitest';
import type { Overview } from '../../../src/console/overview/gather.ts';
import { overviewPage } from '../../../src/console/overview/page.ts';
import type { PageContext } from '../../../src/console/page.ts';
import { redactionFor } from '../../../src/ops/access/redact.ts';
import type {
  CurrencySection,
  Ranked,
  RankingKind,
  SpendAmounts,
} from '../../../src/showback/month-report.ts';

const NOW = Date.parse('2026-11-24T12:00:00Z');
const ana = { name: 'ana', role: 'analyst' } as const;

const context: PageContext = {
  language: 'en',
  theme: 'auto',
  visitor: ana,
  redaction: redactionFor(ana, String),
  url: '/',
  nowMs: NOW,
  timeZone: 'UTC',
};

/** A month in which one team was billed on one day. */
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
      fingerprint: unranked,
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
    hours: null,
    latest: [],
    savings: null,
  };
}

describe('what was spent today', () => {
  test('is told as nothing where nothing was', async () => {
    const page = await overviewPage(overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n }), context);

    expect(page).toContain('<small>Spent today</small><b>$0.00</b><small>0 queries</small>');
    expect(page).not.toContain('data-soon');
  });

  test('is not told as nothing while it is not yet known, and the page comes again', async () => {
    const whole = overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n });

    const withMonth = await overviewPage({ ...whole, today: null }, context);
    const withNothing = await overviewPage({ ...whole, month: null, today: null }, context);

    for (const page of [withMonth, withNothing]) {
      expect(page).toContain('<small>Spent today</small><b>–</b><small></small>');
      expect(page).toContain('data-soon="true"');
    }
    expect(withMonth).toContain('<td>–</td><td>$5.00</td>');
  });
});

describe('the most expensive', () => {
  const spent = { bytesBilled: 1n, costMicros: 1n };
  const ranked: Ranked = { name: '3', isAccount: false, detail: 'redash', sql: null, queries: 1, ...spent };

  test('persons lead to their decisions, by the name of a tool or by the account, whichever it is', async () => {
    const person = [
      { ...ranked, name: 'bia@example.com' },
      { ...ranked, name: 'etl@example.com', isAccount: true },
    ];

    const page = await overviewPage(overview(spent, { person }), context);

    expect(page).toContain('href="/decisions?person=bia%40example.com"');
    expect(page).toContain('href="/decisions?principal=etl%40example.com"');
  });

  test('dashboards lead to their decisions, and not to those of another tool’s dashboard of that name', async () => {
    const page = await overviewPage(overview(spent, { dashboard: [ranked] }), context);

    expect(page).toContain('href="/decisions?dashboard=3&amp;tool=redash"');
  });
});

describe('the figures under the chart of days', () => {
  test('are the costs that it draws', async () => {
    const page = await overviewPage(overview({ bytesBilled: 1n << 30n, costMicros: 5_000_000n }), context);

    expect(page).toContain('<tr><td>2026-11-23</td><td>$5.00</td></tr>');
    expect(page).not.toContain('<tr><td>2026-11-22</td>');
  });

  test('are the bytes that it draws where nothing cost anything', async () => {
    const page = await overviewPage(overview({ bytesBilled: 1n << 30n, costMicros: 0n }), context);

    expect(page).toContain('<th scope="col">Day</th><th scope="col">Data billed</th>');
    expect(page).toContain('<tr><td>2026-11-23</td><td>1 GiB</td></tr>');
  });
});
