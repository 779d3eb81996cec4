import { ast } from '@polyglot-sql/sdk';

/** A node of polyglot's syntax tree. */
export type Expression = NonNullable<ReturnType<typeof ast.findFirst>>;

/** Catalog, schema and name of a table, as far as the SQL gives them; dots may still stand inside. */
export type NameParts = readonly (string | null | undefined)[];

type SelectNode = ReturnType<typeof ast.findByType<'select'>>[number];
type TableBody = ReturnType<typeof ast.findByType<'table'>>[number]['table'];

/** Statements by the name of their node, where that name is not the keyword itself. */
const KEYWORDS: Readonly<Record<string, string>> = {
  union: 'SELECT',
  intersect: 'SELECT',
  except: 'SELECT',
  subquery: 'SELECT',
  paren: 'SELECT',
};

/** A statement's leading keywords: `SELECT`, `CREATE TABLE`, `MERGE`. */
export function statementOf(statement: Expression): string {
  const type = ast.getExprType(statement);
  return KEYWORDS[type] ?? type.replaceAll('_', ' ').toUpperCase();
}

/**
 * Every table that the statements name, read or written, in any clause and at any depth; common table expressions
 * left out.
 */
export function tablesIn(statements: readonly Expression[]): readonly NameParts[] {
  const common = commonTableNames(statements);
  return partsOfTree(statements)
    .filter(isTable)
    .filter((table) => !isCommon(table, common))
    .map(partsOf);
}

/** Tables of which some SELECT takes every column: by `*`, by `t.*`, or by naming the row itself (`SELECT t FROM d.t`). */
export function starredTables(statements: readonly Expression[]): readonly NameParts[] {
  const common = commonTableNames(statements);
  return statements
    .flatMap((statement) => ast.findByType(statement, 'select'))
    .flatMap((node) => {
      const sources = sourcesOf(node).filter((table) => !isCommon(table, common));
      const others = otherSourceNames(node);
      return node.select.expressions.flatMap((projected) => takenWhole(bare(projected), sources, others));
    })
    .map(partsOf);
}

/** The outermost LIMIT where it is a plain number. */
export function limitOf(statement: Expression): number | null {
  if (!('select' in statement)) return null;
  const limit = statement.select.limit?.this;
  if (limit === undefined || !('literal' in limit) || limit.literal.literal_type !== 'number') return null;
  return Number(limit.literal.value);
}

/** Tables that stand in a SELECT's own FROM and JOIN clauses, not in subqueries there. */
function sourcesOf(node: SelectNode): readonly TableBody[] {
  const { from, joins } = node.select;
  const sources: readonly Expression[] = [...(from?.expressions ?? []), ...joins.map((join) => join.this)];
  return sources.flatMap((source) => ('table' in source ? [source.table] : []));
}

/** Names of what stands in FROM and JOIN besides tables: subqueries, UNNEST. */
function otherSourceNames(node: SelectNode): ReadonlySet<string> {
  const { from, joins } = node.select;
  const sources: readonly object[] = [...(from?.expressions ?? []), ...joins.map((join) => join.this)];
  const names = sources.flatMap((source) => Object.values(source).map(aliasIn));
  return new Set(names.filter((name) => name !== null));
}

function aliasIn(body: unknown): string | null {
  if (typeof body !== 'object' || body === null || !('alias' in body)) return null;
  const { alias } = body;
  const isNamed = typeof alias === 'object' && alias !== null && 'name' in alias;
  return isNamed ? String(alias.name).toLowerCase() : null;
}

/** The expression without the comments that the parser hangs around it. */
function bare(expression: Expression): Expression {
  return 'annotated' in expression ? bare(expression.annotated.this) : expression;
}

function takenWhole(
  projected: Expression,
  sources: readonly TableBody[],
  others: ReadonlySet<string>,
): readonly TableBody[] {
  if ('star' in projected) return starred(sources, projected.star.table?.name ?? null, others);
  const rowNames = ast.findByType(projected, 'column').filter((node) => node.column.table === null);
  return rowNames.flatMap((node) => matching(sources, node.column.name.name));
}

/** The tables that a star takes; where its name is nobody's that is known, it may be anybody's. */
function starred(
  sources: readonly TableBody[],
  name: string | null,
  others: ReadonlySet<string>,
): readonly TableBody[] {
  const found = matching(sources, name?.split('.').at(-1) ?? null);
  return found.length === 0 && name !== null && !others.has(name.toLowerCase()) ? sources : found;
}

/** The sources that go by a name, or all where no name is given. */
function matching(sources: readonly TableBody[], name: string | null): readonly TableBody[] {
  if (name === null) return sources;
  return sources.filter((source) => aliasOf(source).toLowerCase() === name.toLowerCase());
}

function aliasOf(table: TableBody): string {
  return table.alias?.name ?? table.name.name.split('.').at(-1) ?? '';
}

function partsOf(table: TableBody): NameParts {
  return [table.catalog?.name, table.schema?.name, table.name.name];
}

function commonTableNames(statements: readonly Expression[]): ReadonlySet<string> {
  const names = partsOfTree(statements)
    .filter(isWith)
    .flatMap((clause) => clause.ctes.map((cte) => cte.alias.name.toLowerCase()));
  return new Set(names);
}

/**
 * Every object in the tree. The library's own visitor sees expressions only; the targets of DML and the clauses of
 * WITH stand in the tree as plain parts of their statements.
 */
function partsOfTree(statements: readonly Expression[]): readonly object[] {
  const found: object[] = [];
  const waiting: unknown[] = [...statements];
  while (waiting.length > 0) {
    const part = waiting.pop();
    if (typeof part !== 'object' || part === null) continue;
    found.push(part);
    waiting.push(...Object.values(part));
  }
  return found;
}

function isTable(part: object): part is TableBody {
  return 'alias_explicit_as' in part && 'catalog' in part && 'schema' in part && 'name' in part;
}

function isWith(
  part: object,
): part is { readonly ctes: readonly { readonly alias: { readonly name: string } }[] } {
  return 'ctes' in part && Array.isArray(part.ctes);
}

/** A bare name that some WITH defines. Where it also names a table of the default dataset, the WITH wins, as in SQL. */
function isCommon(table: TableBody, common: ReadonlySet<string>): boolean {
  return table.schema === null && common.has(table.name.name.toLowerCase());
}
