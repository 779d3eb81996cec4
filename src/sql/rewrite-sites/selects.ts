import { surveyOf } from '../syntax/survey.ts';
import { type Expression, type SelectBody, type TableBody, uncommented } from '../syntax/syntax-parts.ts';

/** `outermost`: its columns are the result. `derived`: a common table, or a subquery in a FROM. */
type SelectRole = 'outermost' | 'derived' | 'other';

export interface PlacedSelect {
  readonly body: SelectBody;
  readonly role: SelectRole;
  readonly sources: readonly Source[];
}

/** An item in a FROM or JOIN. */
interface Source {
  /** A table of the warehouse; null for common tables, subqueries, UNNEST and the like. */
  readonly table: TableBody | null;
  /** True if another condition in WHERE only removes rows of this source and does nothing else to a join. */
  readonly takesFilter: boolean;
}

/** Every SELECT of a statement, at any depth. */
export function selectsIn(statement: Expression): readonly PlacedSelect[] {
  const survey = surveyOf([statement]);
  const tables = new Set(survey.tables);
  const bodies = survey.selects.map(({ body }) => body);
  const outermost = selectIn(statement);
  const derived = new Set([
    ...partsOf(statement).filter(isCommonTable).map(selectIn),
    ...bodies.flatMap((body) =>
      sourceExpressions(body)
        .filter((source) => 'subquery' in source)
        .map(selectIn),
    ),
  ]);
  const roleOf = (body: SelectBody): SelectRole => {
    if (body === outermost) return 'outermost';
    return derived.has(body) ? 'derived' : 'other';
  };
  return bodies.map((body) => ({
    body,
    role: roleOf(body),
    sources: sourcesOf(body, tables),
  }));
}

function sourcesOf(body: SelectBody, tables: ReadonlySet<TableBody>): readonly Source[] {
  const kinds = [...(body.from?.expressions ?? []).map(() => 'Cross'), ...body.joins.map(({ kind }) => kind)];
  return sourceExpressions(body).map((source, index) => ({
    table: 'table' in source && tables.has(source.table) ? source.table : null,
    takesFilter:
      ['Inner', 'Cross', 'Implicit', 'Right'].includes(kinds[index] ?? '') &&
      kinds.slice(index + 1).every((kind) => ['Inner', 'Cross', 'Implicit', 'Left'].includes(kind)),
  }));
}

/** The qualifier of a table's columns. */
export function qualifierOf(table: TableBody): string {
  return table.alias?.name ?? table.name.name.split('.').at(-1) ?? '';
}

export function isNamed(table: TableBody, name: string): boolean {
  return qualifierOf(table).toLowerCase() === name.toLowerCase();
}

/** The stars in a SELECT's projections. */
export function starsOf(body: SelectBody) {
  return body.expressions
    .map(uncommented)
    .flatMap((projected) => ('star' in projected ? [projected.star] : []));
}

/** True if the position of a projected column matters: `ORDER BY 2`, `GROUP BY`. */
export function countsColumns(body: SelectBody): boolean {
  const ordered = body.order_by?.expressions.map((ordering) => uncommented(ordering.this)) ?? [];
  return body.group_by !== null || ordered.some((expression) => 'literal' in expression);
}

/**
 * True if columns reach the result only by name: no star over something that is not a table, no expression that uses a
 * whole row, no grouping by all remaining columns, and no common table that reads itself.
 */
export function takesColumnsByName(statement: Expression, selects: readonly PlacedSelect[]): boolean {
  const parts = partsOf(statement);
  const rows = rowNames(parts);
  const takesOtherwise = (part: object) =>
    'pivot' in part ||
    'unpivot' in part ||
    ('recursive' in part && part.recursive === true) ||
    ('column' in part && isWholeRow(part.column, rows));
  return selects.every(starsAreOfTables) && !parts.some(takesOtherwise);
}

function starsAreOfTables({ body, sources }: PlacedSelect): boolean {
  return starsOf(body).every((star) => {
    if (star.table === null) return sources.every(({ table }) => table !== null);
    const { name } = star.table;
    return sources.some(({ table }) => table !== null && isNamed(table, name));
  });
}

function isWholeRow(column: unknown, rows: ReadonlySet<string>): boolean {
  if (typeof column !== 'object' || column === null || !('table' in column) || column.table !== null)
    return false;
  const name = 'name' in column ? nameIn(column.name) : null;
  return name !== null && rows.has(name.toLowerCase());
}

/** Names by which a row of an item in FROM can be used as one value. */
function rowNames(parts: readonly object[]): ReadonlySet<string> {
  const names = parts.flatMap((part) => {
    const alias = 'alias' in part ? nameIn(part.alias) : null;
    return [alias ?? ('alias_explicit_as' in part && 'name' in part ? nameIn(part.name) : null)];
  });
  return new Set(
    names.flatMap((name) => (name === null ? [] : [name.split('.').at(-1)?.toLowerCase() ?? ''])),
  );
}

/** The text of an identifier. */
function nameIn(identifier: unknown): string | null {
  if (typeof identifier !== 'object' || identifier === null || !('name' in identifier)) return null;
  return typeof identifier.name === 'string' ? identifier.name : null;
}

/** The SELECT that a query amounts to, with its columns under their own names; null for a set operation. */
function selectIn(query: unknown): SelectBody | null {
  if (typeof query !== 'object' || query === null) return null;
  if ('select' in query) return isSelectBody(query.select) ? query.select : null;
  if ('subquery' in query) return selectIn(query.subquery);
  if ('paren' in query) return selectIn(query.paren);
  return 'this' in query && !renamesColumns(query) ? selectIn(query.this) : null;
}

function renamesColumns(query: object): boolean {
  const columns = 'columns' in query ? query.columns : [];
  const names = 'column_aliases' in query ? query.column_aliases : columns;
  return !Array.isArray(names) || names.length > 0;
}

function isCommonTable(part: object): boolean {
  return 'alias_first' in part && 'this' in part;
}

function sourceExpressions(body: SelectBody): readonly Expression[] {
  return [...(body.from?.expressions ?? []), ...body.joins.map((join) => join.this)];
}

/** Every object in the tree. */
function partsOf(tree: unknown): readonly object[] {
  const found: object[] = [];
  const waiting: unknown[] = [tree];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    found.push(part);
    waiting.push(...Object.values(part));
  }
  return found;
}

function isSelectBody(part: unknown): part is SelectBody {
  return typeof part === 'object' && part !== null && 'expressions' in part && 'where_clause' in part;
}
