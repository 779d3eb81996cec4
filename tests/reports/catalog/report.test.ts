import { readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, test } from 'vitest';
import { catalogAsCsv } from '../../../src/reports/catalog/as-csv.ts';
import { catalogJson } from '../../../src/reports/catalog/as-json.ts';
import { catalogAsMarkdown } from '../../../src/reports/catalog/as-markdown.ts';
import {
  type CatalogSources,
  catalogReport,
  type RecordedReads,
} from '../../../src/reports/catalog/make-report.ts';
import type { CatalogEntry } from '../../../src/vocabulary/table.ts';

const DAY = Date.UTC(2026, 10, 1);

function entry(table: string, changes: Partial<CatalogEntry> = {}): CatalogEntry {
  return { table, status: 'governed', owner: 'dados', replacement: null, partitionColumn: null, ...changes };
}

function reads(changes: Partial<RecordedReads> = {}): RecordedReads {
  return {
    isResolved: true,
    lastMs: DAY + 1_000,
    teams: new Map(),
    persons: new Set(['["metabase","ana@example.com"]', '["metabase","13"]']),
    principals: new Set(['sa@example.com']),
    dashboards: new Map([['["metabase","3"]', 2]]),
    columns: new Map([
      ['subject', 2],
      ['address.city', 1],
    ]),
    allColumns: 0,
    unknownColumns: 0,
    ...changes,
  };
}

const use = {
  team: 'atendimento',
  currency: 'BRL',
  queries: 2,
  bytesBilled: 3n * 1024n ** 3n,
  costMicros: 1_500_000n,
};

function reportOf(changes: Partial<CatalogSources> = {}) {
  const entries = [
    entry('p.d.tickets'),
    entry('p.d.old', { status: 'legacy', replacement: 'p.d.tickets' }),
    entry('p.d.tmp_*', { status: 'legacy', owner: null }),
  ];
  return catalogReport({
    fromMs: DAY,
    toMs: DAY + 86_400_000,
    madeAtMs: DAY + 90_000_000,
    recordsSinceMs: DAY - 5,
    entries,
    entryOf: (name) =>
      entries.find(
        ({ table }) => table === name || (table.endsWith('*') && name.startsWith(table.slice(0, -1))),
      ) ?? null,
    reads: new Map([
      ['p.d.tickets', reads()],
      ['p.d.tmp_1', reads()],
      ['p.d.open', reads({ isResolved: false, teams: new Map([['x', use]]) })],
    ]),
    spend: new Map([
      ['p.d.tickets', [use, { ...use, team: 'finops', bytesBilled: 9n * 1024n ** 3n }]],
      ['p.d.tmp_1', [use]],
    ]),
    columns: new Map([['p.d.tickets', ['subject', 'address', 'body']]]),
    ...changes,
  });
}

const tableIn = (report: ReturnType<typeof reportOf>, name: string) =>
  report.tables.find(({ table }) => table === name);

describe('a catalog report', () => {
  test('has each table that the catalog names or that was read, most bytes billed first', () => {
    const { tables } = reportOf();

    expect(tables.map(({ table, status, inCatalog, readAs }) => [table, status, inCatalog, readAs])).toEqual([
      ['p.d.tickets', 'governed', true, 'table'],
      ['p.d.open', 'unknown', false, 'view or pattern'],
      ['p.d.tmp_1', 'legacy', true, 'table'],
      ['p.d.old', 'legacy', true, null],
    ]);
  });

  test('lists teams by bytes, dashboards by name, and only the number of persons', () => {
    const report = reportOf();

    expect(tableIn(report, 'p.d.tickets')).toMatchObject({
      queries: 4,
      teams: [{ team: 'finops' }, { team: 'atendimento' }],
      persons: 2,
      principals: 1,
      dashboards: [{ tool: 'metabase', dashboard: '3', queries: 2 }],
    });
    expect(JSON.stringify(catalogJson(report))).not.toContain('example.com');
  });

  test('lists unused columns; a field of a record counts for the record', () => {
    expect(tableIn(reportOf(), 'p.d.tickets')?.columns).toEqual({
      named: [
        { column: 'subject', queries: 2 },
        { column: 'address.city', queries: 1 },
      ],
      allQueries: 0,
      unknownQueries: 0,
      unused: ['body'],
    });
  });

  test.each([
    ['its columns are not known', { columns: new Map() }],
    ['a query takes all', { reads: new Map([['p.d.tickets', reads({ allColumns: 1 })]]) }],
    ['a query does not tell', { reads: new Map([['p.d.tickets', reads({ unknownColumns: 1 })]]) }],
  ])('lists no unused column if %s', (_why, changes) => {
    expect(tableIn(reportOf(changes), 'p.d.tickets')?.columns.unused).toBeNull();
  });
});

describe('a catalog report is written', () => {
  test('as JSON that matches its schema', () => {
    const ajv = new Ajv2020({ strict: false });
    ajv.addFormat('date-time', { validate: (text: string) => new Date(text).toISOString() === text });
    const validate = ajv.compile(JSON.parse(readFileSync('docs/schemas/catalog-export-1-0-0.json', 'utf8')));
    const written = JSON.parse(JSON.stringify(catalogJson(reportOf())));

    validate(written);
    expect(validate.errors).toBeNull();
    expect(written.tables[0].teams[0]).toMatchObject({ bytesBilled: '9663676416', costMicros: '1500000' });
    expect(validate({ ...written, tables: [{ ...written.tables[0], persons: ['ana'] }] })).toBe(false);
  });

  test('as CSV with a line for each table', () => {
    const [head, first] = catalogAsCsv(reportOf()).split('\n');

    expect(head).toMatch(/^table,status,in_catalog,owner,/);
    expect(first).toBe(
      'p.d.tickets,governed,true,dados,,table,4,12884901888,"[""BRL 3.000000""]",2026-11-01T00:00:01.000Z,"[""finops"",""atendimento""]",2,1,"[""metabase:3""]","[""subject"",""address.city""]",0,0,"[""body""]"',
    );
  });

  test('as Markdown in the chosen language', () => {
    const report = reportOf();

    expect(catalogAsMarkdown(report, 'en')).toContain(
      'From Nov 1, 2026, 00:00 up to Nov 2, 2026, 00:00, UTC.',
    );
    expect(catalogAsMarkdown(report, 'en')).toContain(
      '| `p.d.tickets` | governed | dados | 4 | 12 GiB | R$3.00 | Nov 1, 2026 | finops, atendimento, dashboards: 1, persons: 2 |',
    );
    expect(catalogAsMarkdown(report, 'pt-BR')).toMatch(
      /`p\.d\.old` \| legada, use `p\.d\.tickets` \| dados \| 0 \| {2}\| {2}\| não foi lida/,
    );
  });

  test('as Markdown with escaped names', () => {
    const nasty = { ...use, team: '<b>|[x](y)', queries: 1 };
    const spend = new Map([
      ['p.d.`|x', [nasty]],
      ['p.d.\\|[y](z)', [nasty]],
    ]);
    const text = catalogAsMarkdown(reportOf({ spend }), 'en');

    expect(text).toContain("| `p.d.'\\|x` |");
    expect(text).toContain('| `p.d./\\|[y](z)` |');
    expect(text).toContain('\\<b\\>\\|\\[x\\]\\(y\\)');
  });
});
