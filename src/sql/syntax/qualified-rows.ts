import type { TableBody } from './syntax-parts.ts';

/** An item in FROM, with what may qualify its columns; in lower case. */
export interface Qualifiable {
  /** Its alias, or a table's own name; null if it has neither. */
  readonly name: string | null;
  /** The path of a table without an alias, as written; null for everything else. */
  readonly path: string | null;
}

/**
 * The rows that a qualifier may mean. These are the rows with the whole qualifier as their name; failing that, tables
 * without an alias, by their path, since Metabase writes all of it: `` `project.dataset.table`.`column` ``. Several if it
 * may mean any of them, such as two datasets' tables of one name; none if it means none.
 * @param qualifier in lower case
 */
export function rowsQualifiedBy<T extends Qualifiable>(qualifier: string, rows: readonly T[]): readonly T[] {
  const named = rows.filter(({ name }) => name === qualifier);
  if (named.length > 0 || !qualifier.includes('.')) return named;
  const exact = rows.filter(({ path }) => path === qualifier);
  return exact.length > 0
    ? exact
    : rows.filter(({ path }) => path !== null && mayBeSamePath(path, qualifier));
}

/** Either may leave out the project, and the default dataset. */
function mayBeSamePath(path: string, qualifier: string): boolean {
  return qualifier.endsWith(`.${path}`) || path.endsWith(`.${qualifier}`);
}

/** The path of a table as written; null if it has an alias. */
export function pathOf({ alias, catalog, schema, name }: TableBody): string | null {
  if (alias) return null;
  const parts = [catalog?.name, schema?.name, name.name].filter((part) => part !== undefined);
  return parts.join('.').toLowerCase();
}
