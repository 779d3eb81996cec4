import { beforeAll, describe, expect, test } from 'vitest';
import { replayAsTable } from '../../../src/reports/replay/as-table.ts';
import type { ReplayReport } from '../../../src/reports/replay/report.ts';
import { GIB } from '../../../src/vocabulary/bytes.ts';
import { DAY_MS, day, FIRST_MS } from './month.ts';
import { NO_STAR, replayed } from './replayed.ts';

describe('a month replayed against a candidate policy', () => {
  let report: ReplayReport;
  beforeAll(async () => {
    report = await replayed();
  }, 60_000);

  test('counts exactly the changed queries, bytes, cost and persons, in all and once a day', () => {
    const { changes, coverage } = report;

    expect(coverage).toEqual({
      decisions: 180,
      bySql: 180,
      byRecord: 0,
      lackingBackground: 0,
      failed: 0,
      unguarded: 0,
    });
    expect(changes).toEqual({
      'newly refused': {
        all: { queries: 60, bytes: 120n * GIB, micros: new Map([['USD', 1_200_000n]]) },
        // `… LIMIT 5` has another fingerprint than the query without LIMIT.
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

  test('lists the rules, teams, persons, dashboards and fingerprints that would change', () => {
    const { rows, hits } = report;
    const linesOf = (dimension: keyof typeof rows) =>
      rows[dimension].map(({ name, changes }) => {
        const changed = Object.entries(changes).filter(([, { queries }]) => queries > 0);
        return [name, ...changed.map(([kind, { queries }]) => `${queries} ${kind}`)].join(': ');
      });

    expect(linesOf('rule')).toEqual([
      'no-star: 60 newly refused',
      'old-rule: 60 newly admitted',
      'legacy-table: 30 newly warned',
    ]);
    expect(linesOf('team')).toEqual([
      'atendimento: 60 newly refused: 30 newly warned',
      'finops: 60 newly admitted',
    ]);
    expect(linesOf('person')).toEqual([
      'metabase-finops@guardrail-demo.iam.gserviceaccount.com: 60 newly admitted',
      'metabase:12: 60 newly refused',
      'metabase:13: 30 newly warned',
    ]);
    expect(linesOf('dashboard')).toEqual([
      ': 60 newly admitted: 30 newly warned',
      'metabase:1: 60 newly refused',
    ]);
    expect(rows.fingerprint.map(({ sql }) => sql)).toContain('SELECT * FROM atendimento.messages LIMIT ?');
    expect(hits.map(({ rule }) => rule)).toEqual(['legacy-table', 'no-star', 'old-rule']);
    expect(hits).toContainEqual({
      rule: 'legacy-table',
      before: { audit: 60, warn: 0, deny: 0, exempt: 0, unknown: 0 },
      after: { audit: 0, warn: 30, deny: 0, exempt: 0, unknown: 0 },
    });
  });

  test('counts a repeated query once a day, at its highest cost', async () => {
    const [first] = day(0);
    if (first === undefined) throw new Error('A day has queries.');
    const queries = [1n, 4n, 2n].map((gib, index) => ({ ...first, gib, atMs: first.atMs + index }));
    const next = { ...first, gib: 3n, atMs: first.atMs + DAY_MS };

    const { changes } = await replayed({ queries: [...queries, next] });

    expect(changes['newly refused']).toMatchObject({
      all: { queries: 4, bytes: 10n * GIB, micros: new Map([['USD', 100_000n]]) },
      once: { queries: 2, bytes: 7n * GIB, micros: new Map([['USD', 70_000n]]) },
    });
  });

  test('changes nothing if the candidate decides as was recorded', async () => {
    const queries = day(0)
      .map((one) => ({ ...one, hits: [], refusedBy: undefined }))
      .map(({ refusedBy: _, ...one }) => one);

    const { changes } = await replayed({ queries, rules: ' []\n' });

    expect(Object.values(changes).map(({ all }) => all.queries)).toEqual([0, 0, 0, 0]);
  });

  test('applies the dates of rules as of the given day', async () => {
    const rules = NO_STAR.replace('mode: deny', 'mode: deny\n    enforce_from: 2026-12-01');
    const changedAsOf = async (asOfMs: number) => {
      const { changes } = await replayed({ queries: day(0), rules, asOfMs });
      return [changes['newly refused'].all.queries, changes['newly warned'].all.queries];
    };

    expect(await changedAsOf(Date.UTC(2026, 10, 30))).toEqual([0, 2]);
    expect(await changedAsOf(Date.UTC(2026, 11, 1))).toEqual([2, 0]);
  });

  test('says that no query is on record if there is none, instead of that nothing would change', async () => {
    const table = replayAsTable(await replayed({ queries: [] }));

    expect(table).toContain('There is no query on record of that time.');
    expect(table).not.toContain('Nothing would change.');
  });

  test('includes only queries since the given time', async () => {
    const { coverage } = await replayed({ fromMs: FIRST_MS + 29 * DAY_MS });

    expect(coverage.decisions).toBe(6);
  });
});

describe('a recorded query', () => {
  test('is judged by its SQL if it is stored, and otherwise by its recorded reading', async () => {
    const [star] = day(0);
    if (star === undefined) throw new Error('A day has queries.');
    const queries = (['stored', 'masked', 'hashed', 'dropped'] as const).map((retention) => ({
      ...star,
      retention,
    }));

    const { coverage, changes } = await replayed({ queries });

    expect(coverage).toMatchObject({ bySql: 1, byRecord: 3 });
    expect(changes['newly refused'].all.queries).toBe(4);
  });

  test('is judged by the full table names recorded then, if its SQL has short names', async () => {
    const { rows } = await replayed({ queries: day(0) });

    expect(rows.rule).toContainEqual(expect.objectContaining({ name: 'legacy-table' }));
  });

  test('that is not settled counts as unsettled, with no bytes', async () => {
    const open = await replayed({
      queries: day(0)
        .slice(0, 1)
        .map((one) => ({ ...one, billedGib: null })),
    });

    expect(open.changes['newly refused']).toMatchObject({ all: { queries: 1, bytes: 0n }, unsettled: 1 });
  });
});
