import { type CsvCell, csvText } from '../../../foundation/text/csv.ts';
import { decimalOf } from '../../../vocabulary/money.ts';
import type { AuditReport, RunCost } from '../report.ts';

/** The report as files for spreadsheets: exact decimals, and no cell that a spreadsheet would run as a formula. */
export function auditAsCsv(
  report: AuditReport,
): readonly { readonly name: string; readonly content: string }[] {
  return [
    { name: 'dashboards', content: dashboards(report) },
    { name: 'cards', content: cards(report) },
    { name: 'legacy-tables', content: legacyTables(report) },
    { name: 'duplicates', content: duplicates(report) },
  ];
}

function dashboards({ dashboards: all, currency }: AuditReport): string {
  const head = [
    'dashboard',
    'name',
    'collection',
    'views_per_day',
    'views_source',
    ...costNames('per_view'),
    ...costNames('worst_per_view'),
    ...costNames('per_month'),
    'currency',
  ];
  const rows = all.map((each) => [
    each.id,
    each.name,
    each.collection,
    each.rate.viewsPerDay,
    each.rate.source,
    ...costCells(each.perView),
    ...costCells(each.worstPerView),
    ...costCells(each.perMonth),
    currency,
  ]);
  return csvText(head, rows);
}

function cards({ cards: all, currency }: AuditReport): string {
  const head = [
    'card',
    'name',
    'collection',
    'state',
    'why',
    'dashboards',
    ...costNames('per_run'),
    ...costNames('worst'),
    'worst_setting',
    ...costNames('per_month'),
    'currency',
    'rules',
    'tables',
    'sources',
    'anti_patterns',
    'fingerprint',
  ];
  const rows = all.map((each) => [
    each.id,
    each.name,
    each.collection,
    each.state,
    each.why,
    each.dashboards.join('; '),
    ...costCells(each.perRun),
    ...costCells(each.worst),
    each.worst?.setting ?? null,
    ...costCells(each.perMonth),
    currency,
    each.rules.map(({ rule, mode }) => `${rule} (${mode})`).join('; '),
    each.tables.join('; '),
    each.sources.join('; '),
    each.antiPatterns.join('; '),
    each.fingerprint,
  ]);
  return csvText(head, rows);
}

function legacyTables({ legacyTables: all, currency }: AuditReport): string {
  const head = [
    'table',
    'replacement',
    'owner',
    'cards',
    'dashboards',
    ...costNames('per_month'),
    'currency',
  ];
  const rows = all.map((each) => [
    each.table,
    each.replacement,
    each.owner,
    each.cards.join('; '),
    each.dashboards.join('; '),
    ...costCells(each.perMonth),
    currency,
  ]);
  return csvText(head, rows);
}

function duplicates({ duplicates: all, currency }: AuditReport): string {
  const head = ['same', 'measures', 'cards', ...costNames('per_month'), 'currency'];
  const rows = all.map((each) => [
    each.same,
    each.measures,
    each.cards.join('; '),
    ...costCells(each.perMonth),
    currency,
  ]);
  return csvText(head, rows);
}

function costNames(of: string): readonly string[] {
  return [`bytes_billed_${of}`, `cost_${of}`];
}

function costCells(cost: RunCost | null): readonly CsvCell[] {
  return cost === null ? [null, null] : [cost.bytesBilled, decimalOf(cost.micros)];
}
