import { pathOf, rowsQualifiedBy } from './qualified-rows.ts';
import {
  bareNameOf,
  firstNameOf,
  innerItems,
  isParts,
  isTable,
  nameOf,
  type Parts,
  type TableBody,
} from './syntax-parts.ts';

/** A table in a FROM clause, and the name that other clauses use for it, in lower case. */
export interface Source {
  readonly table: TableBody;
  readonly name: string;
}

/** Names that mean something other than a table of a dataset, in lower case. */
export interface Scope {
  readonly common: ReadonlySet<string>;
  /** The items in the enclosing FROM clauses: `t.items` is an array in their rows, not a table. */
  readonly rows: ReadonlySet<string>;
  /** The tables among them, nearest first. */
  readonly sources: readonly Source[];
}

const NO_NAMES: ReadonlySet<string> = new Set();

/** Outside all queries. */
export const NO_SCOPE: Scope = { common: NO_NAMES, rows: NO_NAMES, sources: [] };

/** Whether a name means something other than a table of a dataset. */
export function isNamedInScope(table: TableBody, scope: Scope): boolean {
  return isArray(table, scope) || scope.common.has(bareNameOf(table) ?? '');
}

/**
 * Arrays in neighbouring rows: `UNNEST(t.items)`, or the path `t.items` alone. They do not multiply one table by
 * another.
 */
export function isArrayOfRows(from: Parts, scope: Scope): boolean {
  if (isParts(from['table'])) return isTable(from['table']) && isArray(from['table'], scope);
  if (isParts(from['unnest'])) return containsColumn(from['unnest']);
  return (
    isParts(from['alias']) && isParts(from['alias']['this']) && isArrayOfRows(from['alias']['this'], scope)
  );
}

/** A path whose first part is the name of a row in scope. */
function isArray(table: TableBody, scope: Scope): boolean {
  const first = firstNameOf(table);
  return first !== null && scope.rows.has(first);
}

function containsColumn(part: unknown): boolean {
  if (Array.isArray(part)) return part.some(containsColumn);
  if (!isParts(part)) return false;
  return 'column' in part || Object.values(part).some(containsColumn);
}

/** The names that other clauses use for the items in FROM, in lower case. */
export function namesOf(from: Parts): readonly string[] {
  const name = nameOf(from);
  if (name !== null) return [name];
  return innerItems(from).flatMap(namesOf);
}

/** The tables in an item: the item itself, what is pivoted, what is joined in parentheses. */
export function sourcesOf(from: Parts): readonly Source[] {
  const name = nameOf(from);
  const tables = Object.values(from).filter(isParts).filter(isTable);
  const inner = innerItems(from).flatMap(sourcesOf);
  return [...tables.map((table) => ({ table, name: '' })), ...inner].map((source) => ({
    ...source,
    name: name ?? source.name,
  }));
}

/** The tables whose rows a name means: an alias, a table's own name, or its quoted path. */
export function sourcesNamed(sources: readonly Source[], name: string): readonly Source[] {
  const wanted = name.toLowerCase();
  if (!wanted.includes('.')) return sources.filter((source) => source.name === wanted);
  const rows = sources.map((source) => ({ source, name: source.name, path: pathOf(source.table) }));
  return rowsQualifiedBy(wanted, rows).map(({ source }) => source);
}
