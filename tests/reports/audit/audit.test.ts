import { describe, expect, test } from 'vitest';
import { distinctSql, shownCards } from '../../../src/reports/audit/shown-cards.ts';
import type { Kpi } from '../../../src/vocabulary/kpi.ts';
import { card, dateFilter, exportContents, tag, today } from './builders.ts';
import { byLength, dashboard, hit, placed, reportOn } from './reports.ts';

describe('the report of an audit', () => {
  test('adds up cards to dashboards and dashboards to the month, most expensive first', () => {
    const report = reportOn(
      [card('a', 'SELECT 1'), card('b', 'SELECT 12345')],
      [dashboard('small', [placed('a')]), dashboard('large', [placed('a'), placed('b')])],
    );

    expect(
      report.dashboards.map(({ id, perView, perMonth }) => [id, perView.micros, perMonth.micros]),
    ).toEqual([
      ['large', 20n, 4000n],
      ['small', 8n, 1600n],
    ]);
    expect(report.total.monthMicros).toBe(5600n);
    expect(report.cards.map(({ id, perMonth }) => [id, perMonth.micros])).toEqual([
      ['a', 3200n],
      ['b', 2400n],
    ]);
  });

  test('prices a card by each dashboard’s own filters, and shows the worst of them', () => {
    const one = card('a', 'SELECT 1[[ WHERE {{when}}]]', [dateFilter('when')]);
    const filterValues = new Map([['when', '2026-11-01~']]);

    const report = reportOn(
      [one],
      [dashboard('open', [placed('a')]), dashboard('filtered', [placed('a', filterValues)])],
    );

    const [filtered, open] = report.dashboards;
    expect(open?.perView.micros).toBe(8n);
    expect(filtered?.perView.micros).toBe(
      BigInt("SELECT 1 WHERE (`atendimento.tickets`.`created_at` >= '2026-11-01')".length),
    );
    expect(report.cards[0]).toMatchObject({
      perRun: { micros: 8n },
      worst: { setting: 'filtered' },
      dashboards: ['dashboard open', 'dashboard filtered'],
    });
  });

  test('names the tables that a card reads by its dry run, or by its SQL if that names none', () => {
    const [view, table] = ['view', 'table'].map((tableId) => ({ projectId: 'p', datasetId: 'd', tableId }));
    if (view === undefined || table === undefined) throw new Error('unreachable: there are two');
    const use = { table: view, star: false, projected: [], filtered: [], joined: [], grouped: [] };
    const tablesWith = (behind: readonly (typeof table)[]) =>
      reportOn([card('a', 'SELECT 1')], [], byLength({ reading: { tables: [use] }, behind })).cards[0]
        ?.tables;

    expect(tablesWith([table])).toEqual(['p.d.table']);
    expect(tablesWith([])).toEqual(['p.d.view']);
  });

  test('says for which filter settings a rule matches, and counts cards that are refused when opened', () => {
    const one = card('a', 'SELECT 1[[ WHERE {{when}}]]', [
      dateFilter('when', { defaultValue: '2026-11-01~' }),
    ]);
    const appraise = byLength({ hits: (sql) => (sql.includes('WHERE') ? [] : [hit('filter-it')]) });

    const report = reportOn([one], [dashboard('d', [placed('a')])], appraise);

    expect(report.cards[0]?.rules).toEqual([
      { rule: 'filter-it', mode: 'deny', message: 'no', source: 'a.yaml:3', settings: ['open'] },
    ]);
    expect(report.total.refusedCards).toBe(0);
  });

  test('says the most that a rule does to a card, and for which filter settings: it may spare some of its queries', () => {
    const one = card('a', 'SELECT 1[[ WHERE {{when}}]]', [
      dateFilter('when', { defaultValue: '2026-11-01~' }),
    ]);
    const hits = (sql: string) => [
      { ...hit('no-scan'), mode: sql.includes('WHERE') ? 'audit' : 'deny' } as const,
    ];

    const report = reportOn([one], [dashboard('d', [placed('a')])], byLength({ hits }));

    expect(report.cards[0]?.rules).toMatchObject([{ mode: 'deny', settings: ['open'] }]);
    expect(report.total.refusedCards).toBe(0);
  });

  test('groups cards with the same fingerprint, or with the same measure if that says more', () => {
    const kpi = (sql: string): Kpi => ({
      tables: ['t'],
      aggregates: ['count(*)'],
      grouping: sql.includes('alone') ? ['x'] : [],
    });
    const cards = [
      card('a', 'SELECT 1'),
      card('b', 'SELECT 2'),
      card('c', 'SELECT other'),
      card('d', 'SELECT alone'),
    ];

    const report = reportOn(cards, [dashboard('d', [placed('c')])], byLength({ kpi }));

    expect(report.duplicates).toEqual([
      {
        same: 'KPI',
        measures: 'count(*) FROM t',
        cards: ['c', 'a', 'b'],
        perMonth: { bytesBilled: 2400n, micros: 2400n },
      },
      {
        same: 'query',
        measures: 'count(*) FROM t',
        cards: ['a', 'b'],
        perMonth: { bytesBilled: 0n, micros: 0n },
      },
    ]);
  });

  test('groups cards that ask the same once, and not again for the measure that they share', () => {
    const kpi = (): Kpi => ({ tables: ['t'], aggregates: ['count(*)'], grouping: [] });

    const report = reportOn([card('a', 'SELECT 1'), card('b', 'SELECT 2')], [], byLength({ kpi }));

    expect(report.duplicates.map(({ same }) => same)).toEqual(['query']);
  });

  test('lists cards without a price with the reason, outside the sums', () => {
    const report = reportOn(
      [
        card('a', 'SELECT broken'),
        card('b', 'SELECT {{#9}}'),
        { ...card('c', ''), query: { kind: 'query builder', sources: ['s.t'] } },
        { ...card('d', ''), query: { kind: 'none' } },
      ],
      [
        dashboard(
          'd',
          ['a', 'b', 'c', 'd'].map((id) => placed(id)),
        ),
      ],
    );

    expect(report.cards.map(({ id, state, why }) => [id, state, why])).toEqual([
      ['a', 'failed', 'invalidQuery: no such column'],
      ['b', 'unresolved', 'card #9, which it refers to, is not in the export'],
      ['c', 'not SQL', null],
      ['d', 'empty', null],
    ]);
    expect(report.dashboards[0]).toMatchObject({
      perView: { micros: 0n },
      cards: expect.objectContaining({ length: 4 }),
    });
  });

  test('names a cache policy that is not counted only where it holds', () => {
    const adaptive = { kind: 'not counted', policy: 'adaptive' } as const;
    const hour = { kind: 'for', ms: 3_600_000, refreshesItself: false } as const;
    const cards = [
      { ...card('own', 'SELECT 1'), cache: hour, inheritedCache: adaptive },
      { ...card('inherited', 'SELECT 1'), inheritedCache: adaptive },
      { ...card('placed', 'SELECT 1'), inheritedCache: hour },
    ];

    const report = reportOn(cards, [dashboard('d', [placed('own'), placed('placed')], { cache: adaptive })]);

    expect(new Map(report.cards.map(({ id, cacheNotCounted }) => [id, cacheNotCounted]))).toEqual(
      new Map([
        ['own', null],
        ['inherited', 'adaptive'],
        ['placed', 'adaptive'],
      ]),
    );
  });

  test('prices each SQL text once', () => {
    const of = exportContents([
      card('a', 'SELECT 1'),
      card('b', 'SELECT 1'),
      card('c', 'SELECT {{x}}', [tag('x', { defaultValue: 'y' })]),
    ]);

    expect(distinctSql(shownCards(of, today))).toEqual(['SELECT 1', "SELECT 'y'", "SELECT ''"]);
  });
});
