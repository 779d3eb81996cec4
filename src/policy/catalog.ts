import { matchesGlob } from '../foundation/text/glob.ts';
import type { Replacement } from '../vocabulary/advice.ts';
import type { CatalogEntry } from '../vocabulary/table.ts';
import type { TableEntry } from './document/schema.ts';

/** What the policy's catalog says about tables. */
export interface Catalog {
  /** What the catalog says about a table, given as `project.dataset.table`; null if nothing. */
  find(name: string): TableEntry | null;
  /**
   * Tables, or patterns of them, whose names begin in one of these ways, each with its dataset at least. Takes time linear in
   * the catalog, however many ways there are.
   */
  beginningWith(beginnings: ReadonlySet<string>): readonly string[];
  /** The replacement that the catalog names; null if none. */
  replacementOf(name: string): Replacement | null;
}

/** The catalog's entries by table: an exact name beats patterns, and a longer pattern beats a shorter one. */
export function createCatalog(entries: readonly TableEntry[]): Catalog {
  const exact = new Map(entries.map((entry) => [entry.table, entry]));
  const patterns = entries
    .filter(({ table }) => table.endsWith('*'))
    .sort((a, b) => b.table.length - a.table.length);
  const find = (name: string) =>
    exact.get(name) ?? patterns.find(({ table }) => matchesGlob(name, table)) ?? null;
  return {
    find,
    beginningWith: (beginnings) =>
      beginnings.size === 0 ? [] : [...exact.keys()].filter((table) => beginsInOneOf(table, beginnings)),
    replacementOf(name) {
      const { replacement, replacement_result: result = 'changed' } = find(name) ?? {};
      return replacement === undefined ? null : { table: replacement, result };
    },
  };
}

function beginsInOneOf(table: string, beginnings: ReadonlySet<string>): boolean {
  for (let length = table.lastIndexOf('.') + 1; length <= table.length; length += 1)
    if (beginnings.has(table.slice(0, length))) return true;
  return false;
}

/** A file's entry in the form that other folders use. */
export function catalogEntryFrom(entry: TableEntry): CatalogEntry {
  const { table, status = 'unknown', owner = null, replacement = null, partition_column = null } = entry;
  return { table, status, owner, replacement, partitionColumn: partition_column };
}
