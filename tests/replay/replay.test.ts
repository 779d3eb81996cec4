import { beforeAll, describe, expect, test } from 'vitest';
import { replayRecords } from '../../src/commands/policy/replay-run.ts';
import { openLedger } from '../../src/ledger/ledger.ts';
import { replayAsJson } from '../../src/replay/as-json.ts';
import { replayAsTable } from '../../src/replay/as-table.ts';
import { replayPage } from '../../src/replay/page.ts';
import type { ReplayReport } from '../../src/replay/report.ts';
import { GIB } from '../../src/vocabulary/bytes.ts';
import { policyOf } from '../policy/builders.ts';
import { type Asked, DAY_MS, day, FIRST_MS, fill, hit, month, PROJECT } from './month.ts';

/** At a cent of a dollar for each GiB, and a team for each principal. */
const BASE = `
teams:
  - { name: atendimento, principals: ["metabase-atendimento@*"] }
  - { name: finops, principals: ["metabase-finops@*"] }
catalog:
  tables:
    - { table: ${PROJECT}.atendimento.legacy_messages_export, status: legacy }
    - { table: ${PROJECT}.atendimento.messages, partition_column: created_at }
pricing: { currency: USD, on_demand_per_tib: { default: "10.24" } }
`;
const NO_STAR = `
  - name: no-star
    mode: deny
    when: query.tables.exists(t, t.star && !t.partition_filter)
    message: Name the columns.
`;
const LEGACY_WARNS = `
  - { name: legacy-table, mode: warn, when: 'query.tables.exists(t, t.status == "legacy")', message: Move on. }
`;

interface Run {
  readonly base?: string;
  readonly asked?: readonly Asked[];
  readonly rules?: string;
  readonly budgets?: string;
  readonly fromMs?: number;
  readonly asOfMs?: number;
  readonly withBudgets?: boolean;
}

async function replayed({
  asked = month,
  rules = NO_STAR + LEGACY_WARNS,
  budgets,
  base = BASE,
  ...run
}: Run = {}) {
  const files = { 'a.yaml': `${base}rules:${rules}${budgets === undefined ? '' : `budgets:${budgets}`}` };
  const ledger = await openLedger('sqlite::memory:');
  try {
    await fill(ledger, asked);
    return await replayRecords(ledger.read, {
      candidate: policyOf(files),
      fromMs: FIRST_MS,
      toMs: FIRST_MS + 31 * DAY_MS,
      asOfMs: FIRST_MS,
      withBudgets: budgets !== undefined,
      onProgress: () => undefined,
      ...run,
    });
  } finally {
    await ledger.close();
  }
}

describe('a month replayed over a candidate', () => {
  let report: ReplayReport;
  beforeAll(async () => {
    report = await replayed();
  }, 60_000);

  test('tells exactly what would change, for how many, and what it saves, in all and once a day', () => {
    const { changes, coverage } = report;

    expect(coverage).toEqual({
      decisions: 180,
      bySql: 180,
      byRecord: 0,
      lackingBackground: 90,
      failed: 0,
      unguarded: 0,
    });
    expect(changes).toEqual({
      'newly refused': {
        all: { queries: 60, bytes: 120n * GIB, micros: new Map([['USD', 1_200_000n]]) },
        // `… LIMIT 5` is another query than the one without.
        once: { queries: 60, bytes: 120n * GIB, micros: new Map([['USD', 1_200_000n]]) },
        persons: 1,
        unsettled: 0,
      },
      'newly admitted': {
        all: { queries: 60, bytes: 180n * GIB, micros: new Map([['USD', 1_800_000n]]) },
        once: { queries: 30, bytes: 90n * GIB, micros: new Map([['USD', 900_000n]]) },
        persons: 1,
        unsettled: 0,
      },
      'newly warned': {
        all: { queries: 30, bytes: 60n * GIB, micros: new Map([['USD', 600_000n]]) },
        once: { queries: 30, bytes: 60n * GIB, micros: new Map([['USD', 600_000n]]) },
        persons: 1,
        unsettled: 0,
      },
      'no longer warned': {
        all: { queries: 0, bytes: 0n, micros: new Map() },
        once: { queries: 0, bytes: 0n, micros: new Map() },
        persons: 0,
        unsettled: 0,
      },
    });
  });

  test('tells whom and what it hits', () => {
    const { rows, hits } = report;
    const told = (dimension: keyof typeof rows) =>
      rows[dimension].map(({ name, changes }) => {
        const changed = Object.entries(changes).filter(([, { queries }]) => queries > 0);
        return [name, ...changed.map(([kind, { queries }]) => `${queries} ${kind}`)].join(': ');
      });

    expect(told('rule')).toEqual([
      'no-star: 60 newly refused',
      'old-rule: 60 newly admitted',
      'legacy-table: 30 newly warned',
    ]);
    expect(told('team')).toEqual([
      'atendimento: 60 newly refused: 30 newly warned',
      'finops: 60 newly admitted',
    ]);
    expect(told('person')).toEqual([
      'metabase-finops@guardrail-demo.iam.gserviceaccount.com: 60 newly admitted',
      'metabase:12: 60 newly refused',
      'metabase:13: 30 newly warned',
    ]);
    expect(told('dashboard')).toEqual([
      ': 60 newly admitted: 30 newly warned',
      'metabase:1: 60 newly refused',
    ]);
    expect(rows.fingerprint.map(({ sql }) => sql)).toContain('SELECT * FROM atendimento.messages LIMIT ?');
    expect(hits).toContainEqual({
      rule: 'legacy-table',
      before: { audit: 60, warn: 0, deny: 0, exempt: 0 },
      after: { audit: 0, warn: 30, deny: 0, exempt: 0 },
    });
  });

  test('reads as a table, for people at a terminal', () => {
    const table = replayAsTable(report);

    expect(table).toMatch(/^newly refused +60 +1 +120 GiB, \$1\.20 billed then +60 +120 GiB, \$1\.20$/m);
    expect(table).toMatch(/^newly admitted +60 +1 +180 GiB, \$1\.80 estimated +30 +90 GiB, \$0\.90$/m);
    expect(table).toMatch(/^refused by a rule +60 +0 +0 +0$/m);
    expect(table).toMatch(/^legacy-table +60 → 0 +0 → 30 +0 +0$/m);
    expect(table).toContain('Only rules were replayed');
    expect(table).toContain('180 queries were judged by their SQL');
  });

  test('reads as JSON, amounts as decimal text', () => {
    const told = JSON.parse(replayAsJson(report));

    expect(told.changes['newly refused'].all).toEqual({
      queries: 60,
      bytes: '128849018880',
      cost: { USD: '1.200000' },
    });
    expect(told.rows.rule[0]).toMatchObject({
      name: 'no-star',
      changes: { 'newly refused': { queries: 60 } },
    });
  });

  test('reads as a page of its own, in which no name is markup', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const named = await replayed({ asked: [{ ...star, dashboard: '<script>alert(1)</script>' }] });

    expect(replayPage(report)).toContain('<b>$1.20</b>');
    expect(replayPage(named)).toContain('metabase:&lt;script&gt;');
    expect(replayPage(named)).not.toContain('<script');
  });

  test('counts what is asked again and again once a day, at its dearest', async () => {
    const [first] = day(0);
    if (first === undefined) throw new Error('A day has queries.');
    const asked = [1n, 4n, 2n].map((gib, index) => ({ ...first, gib, atMs: first.atMs + index }));
    const next = { ...first, gib: 3n, atMs: first.atMs + DAY_MS };

    const { changes } = await replayed({ asked: [...asked, next] });

    expect(changes['newly refused']).toMatchObject({
      all: { queries: 4, bytes: 10n * GIB },
      once: { queries: 2, bytes: 7n * GIB },
    });
  });

  test('changes nothing where the candidate says what was recorded', async () => {
    const asked = day(0)
      .map((one) => ({ ...one, hits: [], refusedBy: undefined }))
      .map(({ refusedBy: _, ...one }) => one);

    const { changes } = await replayed({ asked, rules: ' []\n' });

    expect(Object.values(changes).map(({ all }) => all.queries)).toEqual([0, 0, 0, 0]);
  });

  test('looks at the dates of rules as of the day that is asked for', async () => {
    const rules = NO_STAR.replace('mode: deny', 'mode: deny\n    enforce_from: 2026-12-01');
    const changedAsOf = async (asOfMs: number) => {
      const { changes } = await replayed({ asked: day(0), rules, asOfMs });
      return [changes['newly refused'].all.queries, changes['newly warned'].all.queries];
    };

    expect(await changedAsOf(Date.UTC(2026, 10, 30))).toEqual([0, 2]);
    expect(await changedAsOf(Date.UTC(2026, 11, 1))).toEqual([2, 0]);
  });

  test('tells of no query where none is on record, and not that nothing would change', async () => {
    const table = replayAsTable(await replayed({ asked: [] }));

    expect(table).toContain('There is no query on record of that time.');
    expect(table).not.toContain('Nothing would change.');
  });

  test('takes only queries since the instant that is asked for', async () => {
    const { coverage } = await replayed({ fromMs: FIRST_MS + 29 * DAY_MS });

    expect(coverage.decisions).toBe(6);
  });
});

describe('what a record can be judged by', () => {
  test('is its SQL where that is kept as it was, and the earlier reading where it is not', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const asked = (['stored', 'masked', 'hashed', 'dropped'] as const).map((retention) => ({
      ...star,
      retention,
    }));

    const { coverage, changes } = await replayed({ asked });

    expect(coverage).toMatchObject({ bySql: 1, byRecord: 3 });
    expect(changes['newly refused'].all.queries).toBe(4);
  });

  test('is what names were found to mean then, where the SQL leaves them short', async () => {
    const { rows } = await replayed({ asked: day(0) });

    expect(rows.rule).toContainEqual(expect.objectContaining({ name: 'legacy-table' }));
  });

  test('counts nothing for a query that is not settled', async () => {
    const open = await replayed({
      asked: day(0)
        .slice(0, 1)
        .map((one) => ({ ...one, billedGib: null })),
    });

    expect(open.changes['newly refused']).toMatchObject({ all: { queries: 1, bytes: 0n }, unsettled: 1 });
  });
});

describe('budgets', () => {
  const DAY_OF_6_GIB = `
  - { name: atendimento-day, team: atendimento, window: day, limit: 6 GiB }
`;

  test('are replayed in order of time by what queries were billed', async () => {
    const { changes, rows, fates } = await replayed({ rules: ' []\n', budgets: DAY_OF_6_GIB });

    // 4 GiB are billed at noon; the next asks for 4 and finds 2; 1 fits, and leaves 1 of the 2 that the last asks for.
    expect(changes['newly refused'].all.queries).toBe(60);
    expect(fates.admitted['refused by a budget']).toBe(60);
    expect(rows.rule[0]).toMatchObject({ name: 'budget atendimento-day' });
  });

  test('hold what was spent before the replay begins', async () => {
    const { changes } = await replayed({
      rules: ' []\n',
      budgets: `
  - { name: month, team: atendimento, window: month, limit: 203 GiB }
`,
      fromMs: FIRST_MS + 29 * DAY_MS,
    });

    // 29 days of 7 GiB each are spent: all that is left is what the cache answers, and that asks for 4 GiB too.
    expect(changes['newly refused'].all.queries).toBe(4);
  });

  test('of money are asked for what is reserved for a query that its dry run sets no bound to', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const asked = [{ ...star, gib: 0n, accuracy: 'UNKNOWN' as const }];
    const budgets = (limit: string) => `
  - { name: money, team: atendimento, window: day, limit: ${limit} }
`;
    const refused = async (limit: string) => {
      const { changes } = await replayed({ asked, rules: ' []\n', budgets: budgets(limit) });
      return changes['newly refused'].all.queries;
    };

    // 10 GiB at a cent each.
    expect(await refused('0.09 USD')).toBe(1);
    expect(await refused('0.10 USD')).toBe(0);
  });

  test('of money are not replayed by records in another currency than the candidate prices in', async () => {
    const base = BASE.replace('currency: USD', 'currency: BRL');
    const money = `
  - { name: money, team: atendimento, window: day, limit: 1 BRL }
`;

    await expect(replayed({ base, rules: ' []\n', budgets: money })).rejects.toThrow(
      'Budget money is replayed at prices in BRL, and queries on record were paid for in USD. Replay',
    );
    const { changes } = await replayed({ base, rules: ' []\n', budgets: DAY_OF_6_GIB });
    expect(changes['newly refused'].all.queries).toBe(60);
  });

  test('leave those refused whom a budget refused, where only rules are replayed', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const asked = [{ ...star, refusedBy: 'atendimento-day', hits: [hit('legacy-table', 'warn')] }];

    const { fates } = await replayed({ asked, rules: ' []\n' });
    const withBudgets = await replayed({ asked, rules: ' []\n', budgets: DAY_OF_6_GIB });

    expect(fates['refused by a budget']['refused by a budget']).toBe(1);
    expect(withBudgets.changes['newly admitted'].all.queries).toBe(1);
    expect(withBudgets.rows.rule[0]?.name).toBe('budget atendimento-day');
  });
});
