import { clausesOf, type Detector, findingAt } from '../detector.ts';
import { isStored } from '../queries/rows.ts';
import { unwrap } from '../queries/tree.ts';
import { starSpan } from '../star-span.ts';

/** `SELECT DISTINCT *` from a stored table: every column is read, and rows are compared by all of them. */
export const selectDistinctStar: Detector = {
  name: 'select-distinct-star',
  find(context) {
    return context.queries.selects.flatMap((select) => {
      if (!select.body.distinct) return [];
      const table = select.sources.filter((source) => source.kind === 'table').find(isStored);
      const star = select.body.expressions.find((projection) => {
        const node = unwrap(projection);
        return (
          'star' in node &&
          (node.star.except ?? []).length === 0 &&
          matchesQualifier(table?.name, node.star.table?.name)
        );
      });
      if (table === undefined || star === undefined) return [];
      const clauses = clausesOf(context, select);
      const span = starSpan(context, select, star);
      const start = clauses === null ? undefined : context.text.tokens[clauses.SELECT]?.start;
      return findingAt(span === null || start === undefined ? null : { start, end: span.end }, { table });
    });
  },
};

function matchesQualifier(source: string | null | undefined, qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifier.toLowerCase() === source;
}
