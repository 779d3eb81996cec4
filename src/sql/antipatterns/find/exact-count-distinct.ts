import { type Detector, findingAt } from '../detector.ts';
import { callAround } from '../places.ts';
import { tableOf } from '../queries/columns.ts';
import { readsStoredTable } from '../queries/rows.ts';
import { columnsIn, nodesIn } from '../queries/tree.ts';

/** `COUNT(DISTINCT column)` in a result, where a figure within about a percent is often good enough. */
export const exactCountDistinct: Detector = {
  name: 'exact-count-distinct',
  find({ text, queries }) {
    return queries.selects
      .filter(({ sources }) => sources.some((source) => readsStoredTable(source)))
      .flatMap((select) =>
        nodesIn(select.body.expressions)
          .flatMap((node) =>
            'count' in node && node.count.distinct ? columnsIn(node.count.this).slice(0, 1) : [],
          )
          .flatMap((column) => {
            const token = text.tokenAt(column);
            const span = token === null ? null : callAround(text, token, 'COUNT');
            return findingAt(span, { column, table: tableOf(select, column) });
          }),
      );
  },
};
