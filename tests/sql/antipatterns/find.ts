import { Dialect, parse } from '@polyglot-sql/sdk';
import { findAntiPatterns } from '../../../src/sql/antipatterns/find-antipatterns.ts';
import type { Expression } from '../../../src/sql/syntax/syntax-parts.ts';
import type {
  AntiPatternFinding,
  AntiPatternName,
  TextSpan,
} from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { antiPatternsOf } from '../../../src/vocabulary/antipatterns/antipatterns-of.ts';
import { type TableReference, tableNamed } from '../../../src/vocabulary/table.ts';

export const DEFAULTS = { projectId: 'p', defaultDataset: { datasetId: 'd' } };

/** Sizes and partition columns of tables that the cases name; those of other tables are unknown. */
const TABLES: Readonly<Record<string, { readonly bytes: bigint; readonly partitionColumn: string | null }>> =
  {
    'p.atendimento.messages': { bytes: 10n ** 9n, partitionColumn: 'created_at' },
    'p.atendimento.threads': { bytes: 5n * 10n ** 6n, partitionColumn: null },
    'p.atendimento.tickets': { bytes: 10n ** 6n, partitionColumn: null },
    'p.atendimento.agents': { bytes: 10n ** 3n, partitionColumn: null },
  };

function partitionColumnOf(table: TableReference): string | null {
  return TABLES[`${table.projectId}.${table.datasetId}.${table.tableId}`]?.partitionColumn ?? null;
}

function bytesOf(table: TableReference): bigint | null {
  return TABLES[`${table.projectId}.${table.datasetId}.${table.tableId}`]?.bytes ?? null;
}

/** Every finding in SQL, including candidates; throws if the SQL cannot be read. */
function candidatesIn(sql: string): readonly AntiPatternFinding[] {
  const { success, ast, error } = parse(sql, Dialect.BigQuery);
  if (!success || !Array.isArray(ast)) throw new Error(`not read: ${sql}\n${error}`);
  return findAntiPatterns(sql, ast as readonly Expression[], DEFAULTS).findings;
}

/** The confirmed findings, given the definitions in TABLES. */
function findingsIn(sql: string): readonly AntiPatternFinding[] {
  const antiPatterns = candidatesIn(sql);
  const tables = Object.keys(TABLES).map((name) => ({ table: tableNamed(name) }));
  return antiPatternsOf({ tables, antiPatterns }, partitionColumnOf, bytesOf);
}

/** The places in SQL where an anti-pattern was found. */
export function placesOf(name: AntiPatternName, sql: string): readonly TextSpan[] {
  return findingsIn(sql)
    .filter((finding) => finding.name === name)
    .map(({ span }) => span);
}

/** The SQL without the marks « and », and the spans between them. */
export function unmarked(marked: string): { readonly sql: string; readonly spans: readonly TextSpan[] } {
  let sql = '';
  const open: number[] = [];
  const spans: TextSpan[] = [];
  for (const part of marked.split(/([«»])/)) {
    if (part === '«') open.push(sql.length);
    else if (part === '»') spans.push({ start: open.pop() ?? 0, end: sql.length });
    else sql += part;
  }
  return { sql, spans: spans.sort((one, other) => one.start - other.start || one.end - other.end) };
}
