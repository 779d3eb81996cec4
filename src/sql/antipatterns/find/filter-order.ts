import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { conditionAround } from '../places.ts';
import { bothDirections, comparisonIn, isConstant } from '../queries/comparisons.ts';
import { columnsIn, conjunctsOf, functionName, literalText, unwrap } from '../queries/tree.ts';

/**
 * A text search written before a comparison of a column with a constant. BigQuery evaluates conditions in the order in
 * which they are written, and the comparison would have spared most rows the search.
 */
export const filterOrder: Detector = {
  name: 'filter-order',
  find(context) {
    return context.queries.selects.flatMap(({ body }) => {
      const conjuncts = conjunctsOf(body.where_clause?.this);
      const lastCheap = conjuncts.findLastIndex(isCheap);
      return conjuncts
        .slice(0, Math.max(lastCheap, 0))
        .filter(searchesText)
        .slice(0, 1)
        .flatMap((conjunct) => findingFor(context, conjunct));
    });
  },
};

/** A LIKE that begins with a wildcard, so that neither an index nor an order helps; regular expressions; searches. */
function searchesText(conjunct: Expression): boolean {
  const node = unwrap(conjunct);
  if ('not' in node) return searchesText(node.not.this);
  if ('like' in node) return /^[%_]/.test(literalText(node.like.right) ?? '');
  return SEARCHES.has(functionName(node) ?? '');
}

const SEARCHES = new Set(['REGEXP_CONTAINS', 'CONTAINS_SUBSTR']);

function isCheap(conjunct: Expression): boolean {
  const comparison = comparisonIn(conjunct);
  if (comparison === null) return false;
  return bothDirections(comparison).some(
    ({ operator, left, right }) =>
      operator !== 'like' &&
      operator !== '<>' &&
      'column' in unwrap(left) &&
      columnsIn(left).length > 0 &&
      right.every(isConstant),
  );
}

function findingFor({ text }: DetectorContext, conjunct: Expression): readonly Finding[] {
  const [column] = columnsIn(conjunct);
  const token = column === undefined ? null : text.tokenAt(column);
  return column === undefined || token === null ? [] : findingAt(conditionAround(text, token), { column });
}
