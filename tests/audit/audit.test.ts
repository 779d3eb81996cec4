import { describe, expect, test } from 'vitest';
import type { Appraise, LegacyUse } from '../../src/audit/appraisal.ts';
import { auditOf } from '../../src/audit/audit.ts';
import type { Dashboard } from '../../src/audit/landscape.ts';
import { auditAsCsv } from '../../src/audit/print/as-csv.ts';
import { auditAsJson } from '../../src/audit/print/as-json.ts';
import { auditAsText } from '../../src/audit/print/as-text.ts';
import { auditPage } from '../../src/audit/print/page.ts';
import { shownCards, sqlOfAll } from '../../src/audit/shown-cards.ts';
import type { Kpi } from '../../src/vocabulary/kpi.ts';
import type { RuleHit } from '../../src/vocabulary/policy.ts';
import { card, dateFilter, landscape, tag, today } from './builders.ts';

const usage = { viewsPerDay: 10, daysPerMonth: 20, hoursPerDay: 10, autoRefresh: new Map() };

/** Prices each SQL by its length, a micro for each character: enough to see what is added to what. */
const byLength =
  (
    told: {
      hits?: (sql: string) => readonly RuleHit[];
      kpi?: (sql: string) => Kpi | null;
      legacy?: readonly LegacyUse[];
    } = {},
  ): Appraise =>
  (sql) => ({
    reading: {
      reader: 'polyglot',
      unreadReason: null,
      statement: 'SELECT',
      tables: [],
      star: false,
      limit: null,
      joinsWithoutCondition: 0,
      subqueries: 0,
      functions: [],
      antiPatterns: [],
      fingerprint: sql.replaceAll(/\d/g, ''),
    },
    kpi: told.kpi?.(sql) ?? null,
    antiPatterns: [],
    plainSql: sql,
    price: sql.includes('broken')
      ? { ok: false, why: 'invalidQuery: no such column' }
      : {
          ok: true,
          estimate: {
            principal: null,
            statementType: 'SELECT',
            location: 'US',
            bytesProcessed: 0n,
            bytesBilled: BigInt(sql.length),
            accuracy: 'PRECISE',
            referencedTables: [],
            madeAtMs: 0,
          },
          cost: { currency: 'USD', micros: BigInt(sql.length) },
          hits: told.hits?.(sql) ?? [],
          legacy: told.legacy ?? [],
        },
  });

const dashboard = (id: string, cards: Dashboard['cards'], changes: Partial<Dashboard> = {}): Dashboard => ({
  id,
  name: `dashboard ${id}`,
  collection: null,
  cards,
  cache: null,
  viewsPerDay: null,
  ...changes,
});
const placed = (cardId: string, given: ReadonlyMap<string, unknown> = new Map()) => ({ cardId, given });
const hit = (rule: string): RuleHit => ({
  rule,
  mode: 'deny',
  message: 'no',
  source: { file: 'a.yaml', line: 3, column: 1 },
});

function reportOn(
  cards: Parameters<typeof landscape>[0],
  dashboards: readonly Dashboard[],
  appraise: Appraise = byLength(),
) {
  const of = landscape(cards, { dashboards });
  return auditOf(of, shownCards(of, today), appraise, {
    madeAtMs: 0,
    source: 'export',
    projectId: 'p',
    team: 'T',
    currency: 'USD',
    usage,
  });
}

describe('the report of an audit', () => {
  test('adds up cards to dashboards and dashboards to the month, the dearest first', () => {
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

  test("prices a card by each dashboard's own filters, and tells the worst of all", () => {
    const one = card('a', 'SELECT 1[[ WHERE {{when}}]]', [dateFilter('when')]);
    const given = new Map([['when', '2026-11-01~']]);

    const report = reportOn(
      [one],
      [dashboard('open', [placed('a')]), dashboard('filtered', [placed('a', given)])],
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

  test('says in which settings of the filters a rule holds, and counts as refused what is refused as it is opened', () => {
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

  test('groups cards with the same fingerprint, and by what they measure where that says more', () => {
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

  test('keeps what has no price, with the reason, and out of the sums', () => {
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

  test('asks for the price of each SQL once', () => {
    const of = landscape([
      card('a', 'SELECT 1'),
      card('b', 'SELECT 1'),
      card('c', 'SELECT {{x}}', [tag('x', { defaultValue: 'y' })]),
    ]);

    expect(sqlOfAll(shownCards(of, today))).toEqual(['SELECT 1', "SELECT 'y'", "SELECT ''"]);
  });
});

describe('a printed report', () => {
  const hostile = `=1+1 <script>alert("x")</script>' onload='\u202e${'é'.repeat(300)}`;
  const report = reportOn(
    [
      { ...card('a', 'SELECT 1'), name: hostile, collection: hostile },
      { ...card('b', 'SELECT broken'), name: hostile },
    ],
    [dashboard('d', [placed('a')], { name: hostile, collection: hostile })],
    byLength({ legacy: [{ table: 'p.d.t', replacement: null, owner: 'dados' }] }),
  );

  test.each(['en', 'pt-BR'] as const)('lets no name become markup or a long line in %s', (language) => {
    const page = auditPage(report, language);

    expect(page).not.toContain('<script');
    expect(page).not.toContain("' onload");
    expect(page).not.toContain('\u202e');
    expect(page).not.toContain('é'.repeat(200));
    expect(page).toMatch(/<\/html>\n$/);
  });

  test('lets no name become a formula or move the cursor', () => {
    for (const { content } of auditAsCsv(report)) expect(content).not.toMatch(/(^|,)"?=1/m);
    expect(auditAsText(report)).not.toContain('\u202e');
  });

  test('tells exact amounts to programs', () => {
    const { dashboards, usage: used } = JSON.parse(auditAsJson(report));

    expect(dashboards[0].perView).toEqual({ bytesBilled: '8', cost: '0.000008' });
    expect(used.daysPerMonth).toBe(20);
  });

  test('says whom to ask where a legacy table has no replacement', () => {
    expect(auditPage(report, 'pt-BR')).toContain('ainda sem substituta; fale com dados');
    expect(auditAsText(report)).toContain('nothing yet; ask dados');
  });
});
