import { clausesFrom, endOf } from '../../source/clauses.ts';
import { clausesOf, type Detector, type DetectorContext, findingAt } from '../detector.ts';
import type { Ordering } from '../queries/queries.ts';
import { isUngrouped, readsStoredTable } from '../queries/rows.ts';

/**
 * Rows of stored tables sorted as a whole, which a single worker must do; or rows sorted inside a query, where the
 * order is lost. Sorting grouped rows in a result is ignored: they are few.
 */
export const orderByWithoutLimit: Detector = {
  name: 'order-by-without-limit',
  find(context) {
    return context.queries.orderings
      .filter((ordering) => !ordering.limited && isCostlySort(ordering))
      .flatMap((ordering) => findingAt(placeOf(context, ordering)));
  },
};

function isCostlySort({ role, selects }: Ordering): boolean {
  const isOverTable = selects.some(({ sources }) => sources.some((source) => readsStoredTable(source)));
  if (role === 'from' || role === 'common') return isOverTable;
  if (role !== 'result' && role !== 'written') return false;
  return isOverTable && selects.every((select) => isUngrouped(select));
}

function placeOf(context: DetectorContext, { selects }: Ordering) {
  const { text } = context;
  const last = selects.at(-1);
  const clauses = last === undefined ? null : clausesOf(context, last);
  if (clauses === null) return null;
  const orderBy = clauses['ORDER BY'];
  if (orderBy !== undefined) return text.span(orderBy, endOf(clauses, 'ORDER BY') - 1);
  // The SELECT is in parentheses, with the ORDER BY after them.
  const afterParenthesis = text.closing(text.tokens[clauses.SELECT]?.group ?? -1) + 1;
  const outerClauses =
    text.tokens[afterParenthesis]?.word === 'ORDER' ? clausesFrom(text, afterParenthesis) : null;
  return outerClauses === null
    ? null
    : text.span(afterParenthesis, endOf({ ...outerClauses, 'ORDER BY': afterParenthesis }, 'ORDER BY') - 1);
}
