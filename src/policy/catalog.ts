import type { CatalogEntry } from '../vocabulary/table.ts';
import { fits } from './glob.ts';
import type { TableEntry } from './schema.ts';

export interface Catalog {
  /** What the catalog says of a table, given as `project.dataset.table`; null where it says nothing. */
  find(name: string): TableEntry | null;
}

/** The catalog's entries by table: an exact name beats patterns, a longer pattern beats a shorter one. */
export function createCatalog(entries: readonly TableEntry[]): Catalog {
  const exact = new Map(entries.map((entry) => [entry.table, entry]));
  const patterns = entries
    .filter(({ table }) => table.endsWith('*'))
    .sort((a, b) => b.table.length - a.table.length);
  return {
    find: (name) => exact.get(name) ?? patterns.find(({ table }) => fits(name, table)) ?? null,
  };
}

/** An entry of the files as others are told of it. */
export function entryFrom(entry: TableEntry | null): CatalogEntry | null {
  if (entry === null) return null;
  const { table, status = 'unknown', owner = null, replacement = null } = entry;
  return { table, status, owner, replacement };
}
