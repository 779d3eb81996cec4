import { type Detector, findingAt } from '../detector.ts';
import { callAround } from '../places.ts';
import { tableOf } from '../queries/columns.ts';
import { readsStoredTable } from '../queries/rows.ts';
import { columnsIn, nameOf, nodesIn } from '../queries/tree.ts';

/**
 * `COUNT(DISTINCT column)` in a result, where a figure within about a percent is often good enough. In `CASE WHEN x = 1 THEN id
 * END`, it is not said which column is counted.
 */
export const exactCountDistinct: Detector = {
  name: 'exact-count-distinct',
  find({ text, queries }) {
    return queries.selects
      .filter(({ sources }) => sources.some((source) => readsStoredTable(source)))
      .flatMap((select) =>
        nodesIn(select.body.expressions)
          .map((node) => ('count' in node && node.count.distinct ? columnsIn(node.count.this) : []))
          .flatMap((columns) => {
            const [column] = columns;
            const token = column === undefined ? null : text.tokenAt(column);
            if (column === undefined || token === null) return [];
            const isOnly = columns.every((other) => nameOf(other) === nameOf(column));
            const table = tableOf(select, column);
            return findingAt(callAround(text, token, 'COUNT'), isOnly ? { column, table } : { table });
          }),
      );
  },
};
