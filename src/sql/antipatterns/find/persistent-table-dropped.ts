import type { Detector } from '../detector.ts';
import { foundAt, sameTable, type TableStatement, tableStatements } from './script-tables.ts';

/** A lasting table that a script makes and drops again: a temporary one would not be kept for time travel. */
export const persistentTableDropped: Detector = {
  name: 'persistent-table-dropped',
  find(sight) {
    const tables = tableStatements(sight);
    return tables
      .filter((made, index) => isPassing(made, tables.slice(index + 1)))
      .map((made) => foundAt(sight, made));
  },
};

/** Made new, and the last that is heard of it is that it is dropped. */
function isPassing(made: TableStatement, later: readonly TableStatement[]): boolean {
  if (made.kind !== 'create' || made.ifNotExists) return false;
  return later.filter((one) => sameTable(made, one)).at(-1)?.kind === 'drop';
}
