import { clausesOf, type Detector, type DetectorContext, findingAt } from '../detector.ts';
import type { Select } from '../queries/queries.ts';
import { isUngrouped, returnsTableRows } from '../queries/rows.ts';

/**
 * `IN (SELECT …)` over unaggregated rows of a stored table, with each value as often as it occurs. EXISTS is ignored:
 * it needs only one row, and DISTINCT would change nothing.
 */
export const semiJoinWithoutAggregation: Detector = {
  name: 'semi-join-without-aggregation',
  find(context) {
    const arms = context.queries.selects.filter(({ role }) => role === 'in');
    return arms
      .filter((select) => isUngrouped(select) && select.sources.some((source) => returnsTableRows(source)))
      .flatMap((select) => findingAt(placeOf(context, select)));
  },
};

/** From IN, or NOT IN, to its closing parenthesis; null for one arm of a set operation. */
function placeOf(context: DetectorContext, select: Select) {
  const { text } = context;
  const clauses = clausesOf(context, select);
  const opening = text.tokens[clauses?.SELECT ?? -1]?.group ?? -1;
  const closing = text.closing(opening);
  if (
    clauses === null ||
    opening < 0 ||
    clauses.end !== closing ||
    !beginsAt(context, opening, clauses.SELECT)
  )
    return null;
  const isNegated = text.tokens[opening - 2]?.word === 'NOT';
  return text.tokens[opening - 1]?.word === 'IN' ? text.span(opening - (isNegated ? 2 : 1), closing) : null;
}

function beginsAt({ text }: DetectorContext, opening: number, select: number): boolean {
  return select === opening + 1 || text.tokens[opening + 1]?.word === 'WITH';
}
