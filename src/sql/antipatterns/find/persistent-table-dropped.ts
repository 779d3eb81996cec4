import type { Detector } from '../detector.ts';
import { isSameTable, type TableStatement, tableFinding, tableStatements } from '../script-tables.ts';

/** A permanent table that a script creates and drops again: a temporary one would not be kept for time travel. */
export const persistentTableDropped: Detector = {
  name: 'persistent-table-dropped',
  find(context) {
    const tables = tableStatements(context);
    return tables
      .filter((created, index) => isShortLived(created, tables.slice(index + 1)))
      .map((created) => tableFinding(context, created));
  },
};

/** Created by this script, and dropped in the last statement about it. */
function isShortLived(created: TableStatement, later: readonly TableStatement[]): boolean {
  if (created.kind !== 'create' || created.ifNotExists) return false;
  return later.filter((statement) => isSameTable(created, statement)).at(-1)?.kind === 'drop';
}
