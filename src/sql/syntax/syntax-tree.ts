import type { FunctionRows } from '../../vocabulary/reading.ts';
import { ast } from './polyglot.ts';
import type { Source, SurveyedSelect } from './survey.ts';
import {
  type Expression,
  insideOf,
  itemsIn,
  nameOf,
  namesCalledBy,
  type Parts,
  type TableBody,
  uncommented,
} from './syntax-parts.ts';

/** Catalog, schema and name of a table, as far as the SQL gives them; dots may still stand inside. */
export type NameParts = readonly (string | null | undefined)[];

/** Statements by the name of their node, where that name is not the keyword itself. */
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

/** A table's name as it is written, in three parts. */
export function partsOf(table: TableBody): NameParts {
  return [table.catalog?.name, table.schema?.name, table.name.name];
}

/** Tables of which some SELECT takes every column: by `*`, by `t.*`, or by naming the row itself (`SELECT t FROM d.t`). */
export function starredTables(selects: readonly SurveyedSelect[]): readonly TableBody[] {
  return selects.flatMap((select) =>
    select.body.expressions.flatMap((projected) =>
      takenWhole(uncommented(projected), select).map(({ table }) => table),
    ),
  );
}

/** What SELECTs take of the rows that functions of tables give, be it by naming the row itself; null where none gives any. */
export function functionRowsIn(selects: readonly SurveyedSelect[]): FunctionRows | null {
  const taken = selects.flatMap(({ body, rows }): readonly FunctionRows[] => {
    const functions = itemsIn(body).flatMap(({ from }) => functionsIn(from));
    if (functions.length === 0) return [];
    const isWhole = body.expressions.some((each) => isTakenWhole(uncommented(each), functions, rows));
    return [isWhole ? 'all columns' : 'some columns'];
  });
  return taken.find((rows) => rows === 'all columns') ?? taken[0] ?? null;
}

/** The rows of a function in sight by `*`, by their name, or by a name that is nobody's that is known. */
function isTakenWhole(
  projected: Expression,
  functions: readonly (string | null)[],
  rows: ReadonlySet<string>,
): boolean {
  if ('star' in projected) {
    const called = calledBy(projected.star.table?.name ?? null, (name) => rows.has(name));
    return called === null || functions.includes(called) || !rows.has(called);
  }
  const rowNames = ast.findByType(projected, 'column').filter((node) => node.column.table === null);
  return rowNames.some((node) => functions.includes(node.column.name.name.toLowerCase()));
}

/** What functions that stand in FROM go by; null of one that has no name. */
function functionsIn(from: Parts): readonly (string | null)[] {
  if ('function' in from) return [null];
  if ('unnest' in from) return [];
  const name = nameOf(from);
  return insideOf(from)
    .flatMap(functionsIn)
    .map((inner) => name ?? inner);
}

/** The outermost LIMIT where it is a plain count of rows, no larger than is told exactly. */
export function limitOf(statement: Expression): number | null {
  if (!('select' in statement)) return null;
  const limit = statement.select.limit?.this;
  if (limit === undefined || !('literal' in limit) || limit.literal.literal_type !== 'number') return null;
  const rows = Number(limit.literal.value);
  return Number.isSafeInteger(rows) ? rows : null;
}

function takenWhole(projected: Expression, select: SurveyedSelect): readonly Source[] {
  if ('star' in projected) return starred(select, projected.star.table?.name ?? null);
  const rowNames = ast.findByType(projected, 'column').filter((node) => node.column.table === null);
  return rowNames.flatMap((node) => matching(select.sources, node.column.name.name));
}

/** The tables that a star takes; where its name is nobody's that is known, it may be anybody's. */
function starred({ sources, around, rows }: SurveyedSelect, name: string | null): readonly Source[] {
  if (name === null) return sources;
  const called = calledBy(name, (whole) => rows.has(whole) || matching(around, whole).length > 0) ?? name;
  const found = matching(sources, called);
  if (found.length > 0 || rows.has(name.toLowerCase())) return found;
  return [...sources, ...matching(around, called)];
}

/** What a star's name calls, in lower case; its end where nothing is known by the whole of it. */
function calledBy(name: string | null, isKnown: (name: string) => boolean): string | null {
  if (name === null) return null;
  const [whole, last] = namesCalledBy(name.toLowerCase());
  return isKnown(whole) ? whole : last;
}

function matching(sources: readonly Source[], name: string): readonly Source[] {
  return sources.filter((source) => source.name === name.toLowerCase());
}
