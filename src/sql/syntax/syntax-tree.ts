import type { FunctionRows } from '../../vocabulary/reading.ts';
import { isPassedOn } from '../translation/passed-on.ts';
import { withoutCallNames } from './call-names.ts';
import { ast } from './polyglot.ts';
import { type Source, sourcesNamed } from './scope.ts';
import type { SurveyedSelect } from './survey.ts';
import {
  type Expression,
  innerItems,
  isParts,
  isTable,
  itemsIn,
  nameOf,
  type Parts,
  queryIn,
  type TableBody,
  uncommented,
} from './syntax-parts.ts';

/** Catalog, schema and name of a table, as far as the SQL gives them; each may still contain dots. */
export type NameParts = readonly (string | null | undefined)[];

/** Statements by node name, if that name is not the keyword itself. */
const KEYWORDS: Readonly<Record<string, string>> = {
  union: 'SELECT',
  intersect: 'SELECT',
  except: 'SELECT',
  subquery: 'SELECT',
  paren: 'SELECT',
  command: 'UNKNOWN',
  raw: 'UNKNOWN',
};

/** A statement's leading keywords: `SELECT`, `CREATE TABLE`, `MERGE`. */
export function statementOf(statement: Expression): string {
  const type = ast.getExprType(statement);
  return KEYWORDS[type] ?? type.replaceAll('_', ' ').toUpperCase();
}

/** Node names of what GoogleSQL can be told to do, beside those that begin with CREATE, DROP or ALTER. */
const STATEMENTS: ReadonlySet<string> = new Set([
  ...[
    'select',
    'union',
    'intersect',
    'except',
    'subquery',
    'paren',
    'insert',
    'update',
    'delete',
    'merge',
    'truncate',
  ],
  ...['export', 'declare', 'set_statement', 'transaction', 'commit', 'rollback', 'command', 'raw'],
]);

/**
 * Whether it is a statement. Polyglot parses a bare expression as well, and then drops the WITH before it, tables and
 * all.
 */
export function isStatement(statement: Expression): boolean {
  const type = ast.getExprType(statement);
  return STATEMENTS.has(type) || /^(create|drop|alter)_/.test(type);
}

/** False if the parser keeps the statement's words as they are. */
export function isParsed(statement: Expression): boolean {
  return !['command', 'raw'].includes(ast.getExprType(statement));
}

/** A table's name as written, in three parts. */
export function partsOf(table: TableBody): NameParts {
  return [table.catalog?.name, table.schema?.name, table.name.name];
}

/** Whether polyglot took what follows a name with a hyphen for a part of it, as in `FROM my-table,d.u`. */
export function isRunTogether({ catalog, schema, name }: TableBody): boolean {
  return [catalog, schema, name].some((part) => part && !part.quoted && /[;,()|]/.test(part.name));
}

/**
 * Tables from which some SELECT takes every column: by `*`, by `t.*`, or by naming the row itself (`SELECT t FROM
 * d.t`).
 */
export function starredTables(selects: readonly SurveyedSelect[]): readonly TableBody[] {
  return selects
    .filter(({ isListUnread }) => !isListUnread)
    .flatMap((select) =>
      select.body.expressions.flatMap((projected) =>
        wholeTables(uncommented(projected), select).map(({ table }) => table),
      ),
    );
}

/** Tables that a statement copies with all of their columns, without a query. */
export function copiedTables({ create_table: created }: Parts): readonly TableBody[] {
  const source = isParts(created) ? created['clone_source'] : null;
  return isParts(source) && isTable(source) ? [source] : [];
}

/**
 * What SELECTs take from the rows of table functions, including by naming the row itself; null if there is no such
 * function.
 */
export function functionRowsIn(selects: readonly SurveyedSelect[]): FunctionRows | null {
  const taken = selects.flatMap(({ body, rows, isListUnread }): readonly FunctionRows[] => {
    const functions = itemsIn(body).flatMap(({ from }) => functionsIn(from));
    if (functions.length === 0) return [];
    const isWhole =
      !isListUnread && body.expressions.some((each) => selectsWholeRow(uncommented(each), functions, rows));
    return [isWhole ? 'all columns' : 'some columns'];
  });
  return taken.find((rows) => rows === 'all columns') ?? taken[0] ?? null;
}

/** A function's rows in scope, taken by `*`, by their name, or by a name that nothing known has. */
function selectsWholeRow(
  projected: Expression,
  functions: readonly (string | null)[],
  rows: ReadonlySet<string>,
): boolean {
  if ('star' in projected) {
    if (isPassedOn(projected.star)) return false;
    const qualifier = resolveQualifier(projected.star.table?.name ?? null, (name) => rows.has(name));
    return qualifier === null || functions.includes(qualifier) || !rows.has(qualifier);
  }
  const rowNames = ast.findByType(projected, 'column').filter((node) => node.column.table === null);
  return rowNames.some((node) => functions.includes(node.column.name.name.toLowerCase()));
}

/** The names of table functions in FROM; null for one without a name. */
function functionsIn(from: Parts): readonly (string | null)[] {
  if ('function' in from) return [null];
  if ('unnest' in from) return [];
  const name = nameOf(from);
  return innerItems(from)
    .flatMap(functionsIn)
    .map((inner) => name ?? inner);
}

/** The outermost LIMIT, if it is a plain count of rows within the exact range of a number. */
export function limitOf(statement: Expression): number | null {
  if (!('select' in statement)) return null;
  const limit = statement.select.limit?.this;
  if (limit === undefined || !('literal' in limit) || limit.literal.literal_type !== 'number') return null;
  const rows = Number(limit.literal.value);
  return Number.isSafeInteger(rows) ? rows : null;
}

function wholeTables(projected: Expression, select: SurveyedSelect): readonly Source[] {
  if ('star' in projected)
    return isPassedOn(projected.star) ? [] : starTables(select, projected.star.table?.name ?? null);
  const sources = [...select.sources, ...select.outerSources];
  return rowNamesIn(projected).flatMap((name) => sourcesNamed(sources, name));
}

/** Calls and operators that take no row: a name in them is a column, although a row may have it too. */
const OF_NUMBERS_AND_TEXT: ReadonlySet<string> = new Set([
  'sum',
  'avg',
  'add',
  'sub',
  'mul',
  'div',
  'upper',
  'lower',
]);

const OPERANDS: ReadonlySet<string> = new Set(['this', 'left', 'right']);

/** Names without a qualifier that may be a row's; queries in the list have their own. */
function rowNamesIn(part: unknown, isColumn = false): readonly string[] {
  if (Array.isArray(part)) return part.flatMap((item) => rowNamesIn(item));
  if (!isParts(part) || queryIn(part) !== null) return [];
  const { column } = part;
  if (isParts(column) && isParts(column['name'])) {
    return isColumn || isParts(column['table']) ? [] : [String(column['name']['name'])];
  }
  return Object.entries(withoutCallNames(part)).flatMap(([kind, inner]) =>
    rowNamesIn(inner, OF_NUMBERS_AND_TEXT.has(kind) || (isColumn && OPERANDS.has(kind))),
  );
}

/**
 * The tables that a star expands: of `m.address.*`, none, since that is a column of a row `m`. If nothing known has its name,
 * it may expand any of them.
 */
function starTables({ sources, outerSources, rows }: SurveyedSelect, name: string | null): readonly Source[] {
  if (name === null) return sources;
  const isRow = (row: string) => rows.has(row) || sourcesNamed(outerSources, row).length > 0;
  const qualifier = resolveQualifier(name, isRow) ?? name;
  const found = sourcesNamed(sources, qualifier);
  const [first = '', ...fields] = name.toLowerCase().split('.');
  if (found.length > 0 || rows.has(name.toLowerCase()) || (fields.length > 0 && isRow(first))) return found;
  return [...sources, ...sourcesNamed(outerSources, qualifier)];
}

/** What a star's name refers to, in lower case; its last part if nothing is known by the whole. */
function resolveQualifier(name: string | null, isKnown: (name: string) => boolean): string | null {
  if (name === null) return null;
  const whole = name.toLowerCase();
  return isKnown(whole) ? whole : (whole.split('.').at(-1) ?? whole);
}

/** The names, in lower case, that a statement of a script declares, or that a function has for its arguments. */
export function variablesIn(statement: Expression): readonly string[] {
  const declared = 'declare' in statement ? ast.findByType(statement, 'identifier') : [];
  const parameters = 'create_function' in statement ? statement.create_function.parameters : [];
  const names = [
    ...declared.map(({ identifier }) => identifier.name),
    ...parameters.flatMap(({ name }) => (name ? [name.name] : [])),
  ];
  return names.map((name) => name.toLowerCase());
}
