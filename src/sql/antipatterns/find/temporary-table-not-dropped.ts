import type { Detector } from '../detector.ts';
import { isSameTable, tableFinding, tableStatements } from '../script-tables.ts';

/**
 * A temporary table that a script creates, continues after, and does not drop. One that is created alone is for a
 * session, whose later queries are not seen here.
 */
export const temporaryTableNotDropped: Detector = {
  name: 'temporary-table-not-dropped',
  find(context) {
    if (context.queries.statements.length < 2) return [];
    const tables = tableStatements(context);
    return tables
      .filter(
        (created, index) =>
          created.kind === 'create-temporary' &&
          !tables.slice(index + 1).some((later) => later.kind === 'drop' && isSameTable(created, later)),
      )
      .map((created) => tableFinding(context, created));
  },
};
