import { clausesOf, type Detector, found, type Sight } from '../detector.ts';
import type { Select } from '../queries/queries.ts';
import { givesTableRows, isUngrouped } from '../queries/rows.ts';

/**
 * `IN (SELECT …)` over unaggregated rows of a stored table, with each value as often as it occurs. EXISTS is ignored:
 * it needs only one row, and DISTINCT would change nothing.
 */
export const semiJoinWithoutAggregation: Detector = {
  name: 'semi-join-without-aggregation',
  find(sight) {
    const arms = sight.queries.selects.filter(({ role }) => role === 'in');
    return arms
      .filter((select) => isUngrouped(select) && select.sources.some((source) => givesTableRows(source)))
      .flatMap((select) => found(placeOf(sight, select)));
  },
};

/** From IN, or NOT IN, to its closing parenthesis; null for one arm of a set operation. */
function placeOf(sight: Sight, select: Select) {
  const { text } = sight;
  const clauses = clausesOf(sight, select);
  const opening = text.tokens[clauses?.SELECT ?? -1]?.group ?? -1;
  const closing = text.closing(opening);
  if (clauses === null || opening < 0 || clauses.end !== closing || !beginsAt(sight, opening, clauses.SELECT))
    return null;
  const isNegated = text.tokens[opening - 2]?.word === 'NOT';
  return text.tokens[opening - 1]?.word === 'IN' ? text.span(opening - (isNegated ? 2 : 1), closing) : null;
}

function beginsAt({ text }: Sight, opening: number, select: number): boolean {
  return select === opening + 1 || text.tokens[opening + 1]?.word === 'WITH';
}
