import { clausesOf, type Detector, found, type Sight } from '../detector.ts';
import type { Ordering } from '../queries/queries.ts';
import { isUngrouped, restsOnTable } from '../queries/rows.ts';
import { clausesFrom, endOf } from '../source/clauses.ts';

/**
 * Rows of stored tables sorted as a whole, which a single worker must do; or rows sorted inside a query, where the
 * order is lost. Sorting grouped rows in a result is ignored: they are few.
 */
export const orderByWithoutLimit: Detector = {
  name: 'order-by-without-limit',
  find(sight) {
    return sight.queries.orderings
      .filter((ordering) => !ordering.limited && sorts(ordering))
      .flatMap((ordering) => found(placeOf(sight, ordering)));
  },
};

function sorts({ role, selects }: Ordering): boolean {
  const isOverTable = selects.some(({ sources }) => sources.some((source) => restsOnTable(source)));
  if (role === 'from' || role === 'common') return isOverTable;
  if (role !== 'result' && role !== 'written') return false;
  return isOverTable && selects.every((select) => isUngrouped(select));
}

function placeOf(sight: Sight, { selects }: Ordering) {
  const { text } = sight;
  const last = selects.at(-1);
  const clauses = last === undefined ? null : clausesOf(sight, last);
  if (clauses === null) return null;
  const own = clauses['ORDER BY'];
  if (own !== undefined) return text.span(own, endOf(clauses, 'ORDER BY') - 1);
  // The SELECT is in parentheses, with the ORDER BY after them.
  const behind = text.closing(text.tokens[clauses.SELECT]?.group ?? -1) + 1;
  const around = text.tokens[behind]?.word === 'ORDER' ? clausesFrom(text, behind) : null;
  return around === null ? null : text.span(behind, endOf({ ...around, 'ORDER BY': behind }, 'ORDER BY') - 1);
}
