import type { Detector } from '../detector.ts';
import { foundAt, sameTable, tableStatements } from './script-tables.ts';

/**
 * A temporary table that a script creates, continues after, and does not drop. One that is created alone is for a
 * session, whose later queries are not seen here.
 */
export const temporaryTableNotDropped: Detector = {
  name: 'temporary-table-not-dropped',
  find(sight) {
    if (sight.queries.statements.length < 2) return [];
    const tables = tableStatements(sight);
    return tables
      .filter(
        (made, index) =>
          made.kind === 'create-temporary' &&
          !tables.slice(index + 1).some((later) => later.kind === 'drop' && sameTable(made, later)),
      )
      .map((made) => foundAt(sight, made));
  },
};
