import { withoutCallNames } from './call-names.ts';
import { changeIn } from './change.ts';
import { type Source, sourcesNamed, sourcesOf } from './scope.ts';
import type { SurveyedSelect } from './survey.ts';
import { isParts, type Parts, partsIn, queryIn, type TableBody } from './syntax-parts.ts';

/**
 * Where an expression can only be a value, and so a column, although a row may have its name: what is compared, grouped or
 * ordered by itself. Anywhere else, such as in a call or an array, it may be the whole row.
 */
const OF_VALUES: ReadonlySet<string> = new Set([
  ...['where_clause', 'having', 'qualify', 'group_by', 'order_by', 'from', 'joins', 'on', 'unnest', 'alias'],
  ...['and', 'or', 'not', 'paren', 'eq', 'neq', 'lt', 'lte', 'gt', 'gte', 'in', 'between', 'like', 'is_null'],
  ...['this', 'left', 'right', 'low', 'high', 'expressions'],
]);

/**
 * Tables whose rows are taken whole outside the list of a SELECT: `FROM d.t, UNNEST([t])`, `WHERE TO_JSON_STRING(t) …`.
 * Subqueries are SELECTs of their own. In HAVING, QUALIFY and ORDER BY, the aliases of the list come first.
 */
export function rowsTakenWhole({ body, sources, outerSources }: SurveyedSelect): readonly TableBody[] {
  const { expressions, having, qualify, order_by, ...clauses } = body;
  const aliases = new Set(expressions.flatMap(aliasIn));
  const afterList = rowNamesIn({ having, qualify, order_by }, true).filter((name) => !aliases.has(name));
  return tablesNamed([...sources, ...outerSources], [...rowNamesIn(clauses, true), ...afterList]);
}

/** The alias that a SELECT's list gives to an expression, in lower case. */
function aliasIn(listed: Parts): readonly string[] {
  const { annotated, alias } = listed;
  if (isParts(annotated) && isParts(annotated['this'])) return aliasIn(annotated['this']);
  const name = isParts(alias) ? alias['alias'] : null;
  return isParts(name) ? [String(name['name']).toLowerCase()] : [];
}

/** Those whose rows an UPDATE, DELETE or MERGE takes whole, also by `INSERT ROW`. */
export function rowsWritten(statement: Parts): readonly TableBody[] {
  const change = changeIn(statement);
  if (change === null) return [];
  const { target, items, clauses } = change;
  const read = items.flatMap(({ from }) => sourcesOf(from));
  const inserted = hasInsertRow(clauses['whens']) ? read.map(({ table }) => table) : [];
  return [...inserted, ...tablesNamed([...sourcesOf(target), ...read], rowNamesIn([clauses, items], true))];
}

function tablesNamed(sources: readonly Source[], names: readonly string[]): readonly TableBody[] {
  const wanted = new Set(names);
  const byPath = [...wanted].filter((name) => name.includes('.'));
  const named = sources.filter(({ name }) => wanted.has(name));
  return [...named, ...byPath.flatMap((name) => sourcesNamed(sources, name))].map(({ table }) => table);
}

/** Names without a qualifier that may be a row's, in lower case. */
function rowNamesIn(part: unknown, isValue: boolean): readonly string[] {
  if (Array.isArray(part)) return part.flatMap((item) => rowNamesIn(item, isValue));
  if (!isParts(part) || queryIn(part) !== null) return [];
  const { column } = part;
  if (isParts(column) && isParts(column['name'])) {
    return isValue || isParts(column['table']) ? [] : [String(column['name']['name']).toLowerCase()];
  }
  return Object.entries(withoutCallNames(part)).flatMap(([key, inner]) =>
    rowNamesIn(inner, isValue && OF_VALUES.has(key)),
  );
}

/** `INSERT ROW` is kept as two words. */
function hasInsertRow(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(hasInsertRow);
  if (!isParts(part)) return false;
  const [first, second, ...others] = partsIn(part['expressions']).map(wordOf);
  if (first === 'INSERT' && second === 'ROW' && others.length === 0) return true;
  return Object.values(part).some(hasInsertRow);
}

function wordOf({ var: word }: Parts): string | null {
  return isParts(word) ? String(word['this']).toUpperCase() : null;
}
