import type { Detector } from '../detector.ts';
import { foundAt, sameTable, type TableStatement, tableStatements } from './script-tables.ts';

/** A permanent table that a script creates and drops again: a temporary one would not be kept for time travel. */
export const persistentTableDropped: Detector = {
  name: 'persistent-table-dropped',
  find(sight) {
    const tables = tableStatements(sight);
    return tables
      .filter((made, index) => isPassing(made, tables.slice(index + 1)))
      .map((made) => foundAt(sight, made));
  },
};

/** Created by this script, and dropped in the last statement about it. */
function isPassing(made: TableStatement, later: readonly TableStatement[]): boolean {
  if (made.kind !== 'create' || made.ifNotExists) return false;
  return later.filter((one) => sameTable(made, one)).at(-1)?.kind === 'drop';
}
