import { analyzeQuery, Dialect, parse, type QueryAnalysis } from '@polyglot-sql/sdk';
import type { AntiPatternFinding } from '../vocabulary/antipattern.ts';
import type { TableUse } from '../vocabulary/reading.ts';
import { type TableReference, tableName } from '../vocabulary/table.ts';
import { type Expression, surveyOf } from './survey.ts';
import { limitOf, type NameParts, partsOf, starredTables, statementOf } from './syntax-tree.ts';
import { type NameDefaults, tableReference } from './table-names.ts';

/** What one reader makes of the SQL, or why it cannot. */
export type ReaderOutcome =
  | {
      readonly ok: true;
      readonly statement: string;
      readonly tables: readonly TableUse[];
      readonly star: boolean;
      readonly limit: number | null;
      readonly joinsWithoutCondition: number;
      readonly subqueries: number;
      readonly antiPatterns: readonly AntiPatternFinding[];
    }
  | { readonly ok: false; readonly reason: string };

/** A table's use while it is being put together. */
interface OpenUse {
  readonly table: TableReference;
  star: boolean;
  readonly projected: Set<string>;
  readonly filtered: Set<string>;
  readonly joined: Set<string>;
  readonly grouped: Set<string>;
}

type UseList = 'projected' | 'filtered' | 'joined' | 'grouped';

/** Which list a column use belongs to; contexts that no rule asks about are left out. */
const LIST_BY_CONTEXT: Readonly<Record<string, UseList>> = {
  filter: 'filtered',
  join: 'joined',
  group: 'grouped',
};

/** Reads GoogleSQL with polyglot: every statement's tables, and for queries how each column is used. */
export function readWithPolyglot(sql: string, defaults: NameDefaults): ReaderOutcome {
  const parsed = parse(sql, Dialect.BigQuery);
  if (!parsed.success) return { ok: false, reason: parsed.error ?? 'the parser gave no reason' };
  const statements: readonly Expression[] = Array.isArray(parsed.ast) ? parsed.ast : [];
  const first = statements[0];
  if (first === undefined) return { ok: false, reason: 'there is no statement' };

  const uses = createUses(defaults);
  const survey = surveyOf(statements);
  for (const table of survey.tables) uses.open(partsOf(table));
  const analysis = statements.length === 1 ? analyze(sql) : null;
  if (analysis !== null) readAnalysis(analysis, uses);
  for (const table of starredTables(survey.selects)) uses.open(partsOf(table)).star = true;

  const tables = uses.all();
  return {
    ok: true,
    statement: statements.length > 1 ? 'SCRIPT' : statementOf(first),
    tables,
    star: tables.some((use) => use.star),
    limit: limitOf(first),
    joinsWithoutCondition: survey.joinsWithoutCondition,
    subqueries: survey.subqueries,
    antiPatterns: [],
  };
}

/** How a query uses its columns; null for statements that are no query. */
function analyze(sql: string): QueryAnalysis | null {
  const result = analyzeQuery(sql, { dialect: Dialect.BigQuery });
  return result.success ? (result.analysis ?? null) : null;
}

function readAnalysis(analysis: QueryAnalysis, uses: Uses): void {
  const byName = new Map(
    analysis.baseTables.map((t) => [t.name, uses.find([t.catalog, t.schema, t.table])] as const),
  );
  const add = (table: string | null | undefined, column: string, list: UseList) => {
    if (table) byName.get(table)?.[list].add(column.toLowerCase());
  };
  for (const projection of analysis.projections) {
    for (const { table, column } of projection.upstream) add(table, column, 'projected');
  }
  for (const use of analysis.columnUses ?? []) {
    const list = LIST_BY_CONTEXT[use.context];
    if (list === undefined) continue;
    for (const { table, column, confidence } of use.references) {
      // A column whose table is not certain counts for no table: a partition filter is not to be assumed.
      if (confidence === 'resolved') add(table, column, list);
    }
  }
}

interface Uses {
  /** The use of the table that these parts name, each table once. */
  open(parts: NameParts): OpenUse;
  /** The same, where it is open already. */
  find(parts: NameParts): OpenUse | undefined;
  all(): readonly TableUse[];
}

function createUses(defaults: NameDefaults): Uses {
  const uses = new Map<string, OpenUse>();
  return {
    open(parts) {
      const table = tableReference(parts, defaults);
      const known = uses.get(tableName(table));
      if (known !== undefined) return known;
      const use: OpenUse = {
        table,
        star: false,
        projected: new Set(),
        filtered: new Set(),
        joined: new Set(),
        grouped: new Set(),
      };
      uses.set(tableName(table), use);
      return use;
    },
    find: (parts) => uses.get(tableName(tableReference(parts, defaults))),
    all: () =>
      [...uses.values()].map((use) => ({
        table: use.table,
        star: use.star,
        projected: [...use.projected],
        filtered: [...use.filtered],
        joined: [...use.joined],
        grouped: [...use.grouped],
      })),
  };
}
