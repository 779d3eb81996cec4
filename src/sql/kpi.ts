import type { Kpi } from '../vocabulary/kpi.ts';
import { tableName } from '../vocabulary/table.ts';
import { plainSql } from './mending/plain-sql.ts';
import { readSql } from './read-sql.ts';
import { ast, Dialect, generate, parseVerbatim } from './syntax/polyglot.ts';
import type { Expression } from './syntax/syntax-parts.ts';
import type { NameDefaults } from './table-names.ts';
import { standardQueries } from './translation/standard-queries.ts';

type SelectNode = ReturnType<typeof ast.findByType<'select'>>[number];

/** What a query measures; null if it aggregates nothing, or if the first reader cannot read it. */
export function kpiOf(sql: string, defaults: NameDefaults): Kpi | null {
  const { reader, tables } = readSql(sql, defaults);
  if (reader !== 'polyglot') return null;
  const parsed = parseVerbatim(standardQueries(plainSql(sql))?.sql ?? sql, Dialect.BigQuery);
  const statements: readonly Expression[] = parsed.success && Array.isArray(parsed.ast) ? parsed.ast : [];
  const aggregates = statements.flatMap((statement) => ast.getAggregateFunctions(statement));
  if (aggregates.length === 0) return null;
  const selects = statements.flatMap((statement) => ast.findByType(statement, 'select'));
  return {
    tables: sorted(tables.map(({ table }) => tableName(table))),
    aggregates: sorted(aggregates.map(plainText)),
    grouping: sorted(selects.flatMap(groupingOf).map(plainText)),
  };
}

/** What a SELECT groups by, as the expressions that its aliases and positions stand for. */
function groupingOf({ select }: SelectNode): readonly Expression[] {
  const grouping = select.group_by;
  if (grouping === null || grouping === undefined) return [];
  if (grouping.all === true) {
    const plain = select.expressions.filter((each) => !ast.hasAggregates(each));
    return plain.map(withoutAlias);
  }
  return grouping.expressions.map((each) => resolveGrouping(each, select.expressions));
}

function resolveGrouping(grouped: Expression, projected: readonly Expression[]): Expression {
  if ('literal' in grouped && grouped.literal.literal_type === 'number') {
    const projection = projected[Number(grouped.literal.value) - 1];
    return projection === undefined ? grouped : withoutAlias(projection);
  }
  if (!('column' in grouped) || grouped.column.table !== null) return grouped;
  const name = grouped.column.name.name.toLowerCase();
  const named = projected.find((each) => 'alias' in each && each.alias.alias.name.toLowerCase() === name);
  return named === undefined ? grouped : withoutAlias(named);
}

function withoutAlias(expression: Expression): Expression {
  return 'alias' in expression ? expression.alias.this : expression;
}

/** SQL in lower case, with columns stripped of table names and quotes. */
function plainText(expression: Expression): string {
  const { sql } = generate([unqualified(expression)], Dialect.BigQuery);
  return (sql?.[0] ?? JSON.stringify(expression)).toLowerCase();
}

function unqualified(part: unknown): unknown {
  if (Array.isArray(part)) return part.map(unqualified);
  if (typeof part !== 'object' || part === null) return part;
  const entries = Object.entries(part).map(([key, value]) => [key, unqualified(value)] as const);
  const plain: Record<string, unknown> = Object.fromEntries(entries);
  if ('join_mark' in plain) return { ...plain, table: null };
  return 'quoted' in plain ? { ...plain, quoted: false } : plain;
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
