import type { FilterSite, ScanSite } from '../vocabulary/rewrite-sites.ts';
import { tableName } from '../vocabulary/table.ts';
import { LOAD_TIME_COLUMN, type TableDefinition } from '../vocabulary/table-definition.ts';
import type { Candidate, Edit, Subject } from './candidate.ts';
import { quoteName } from './quote-name.ts';

/** How far a recent range looks back. */
const RECENT_DAYS = 7;

/** The recent range for each type of column. */
const RECENT: Readonly<Record<string, string>> = {
  TIMESTAMP: `TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL ${RECENT_DAYS} DAY)`,
  DATETIME: `DATETIME_SUB(CURRENT_DATETIME(), INTERVAL ${RECENT_DAYS} DAY)`,
  DATE: `DATE_SUB(CURRENT_DATE(), INTERVAL ${RECENT_DAYS} DAY)`,
};

/** A recent range on the partition column of each partitioned table that is read without a filter on it: fewer rows. */
export function partitionFilter(subject: Subject): Candidate | null {
  const conditions = new Map<FilterSite, string[]>();
  for (const scan of subject.sites.scans) {
    const condition = conditionFor(scan, subject);
    if (condition === null || scan.filter === null) continue;
    const existing = [...conditions].find(([site]) => isSameSite(site, scan.filter));
    if (existing === undefined) conditions.set(scan.filter, [condition]);
    else existing[1].push(condition);
  }
  if (conditions.size === 0) return null;
  const shown = new Set([...conditions.values()].flat());
  return {
    changes: [{ kind: 'partition-filter', shows: [...shown].join(' AND ') }],
    edits: [...conditions].flatMap(([site, siteConditions]) =>
      filterEdits(site, siteConditions.join(' AND ')),
    ),
    result: 'changed',
  };
}

function conditionFor(scan: ScanSite, { reading, definitionOf }: Subject): string | null {
  const definition = definitionOf(scan.table);
  const column = definition?.partitionColumn ?? null;
  if (definition === null || column === null) return null;
  const recent = RECENT[typeOf(column, definition)];
  const uses = reading.tables.filter(({ table }) => tableName(table) === tableName(scan.table));
  const isFiltered = uses.some((use) => use.filtered.some((name) => isPartitionColumn(name, column)));
  if (recent === undefined || isFiltered) return null;
  return `${scan.isAlone ? '' : `${scan.qualifier}.`}${quoteName(column)} >= ${recent}`;
}

function typeOf(column: string, { columns }: TableDefinition): string {
  if (column === LOAD_TIME_COLUMN) return 'TIMESTAMP';
  return columns.find(({ name }) => name.toLowerCase() === column.toLowerCase())?.type ?? '';
}

function isPartitionColumn(name: string, column: string): boolean {
  const isLoadTime = column === LOAD_TIME_COLUMN && name.toLowerCase() === '_partitiondate';
  return isLoadTime || name.toLowerCase() === column.toLowerCase();
}

function isSameSite(a: FilterSite, b: FilterSite | null): boolean {
  if (a.kind === 'no where') return b?.kind === 'no where' && a.at === b.at;
  return b?.kind === 'where' && a.condition.start === b.condition.start;
}

function filterEdits(site: FilterSite, condition: string): readonly Edit[] {
  if (site.kind === 'no where') return [{ start: site.at, end: site.at, text: ` WHERE ${condition}` }];
  const { start, end } = site.condition;
  const before = { start, end: start, text: `${condition} AND ${site.isOr ? '(' : ''}` };
  return site.isOr ? [before, { start: end, end, text: ')' }] : [before];
}
