import { clausesOf, type Detector, found } from '../detector.ts';
import { isStored } from '../queries/rows.ts';
import { bare } from '../queries/tree.ts';
import { starSpan } from './star-span.ts';

/** `SELECT DISTINCT *` from a stored table: every column is read, and rows are compared by all of them. */
export const selectDistinctStar: Detector = {
  name: 'select-distinct-star',
  find(sight) {
    return sight.queries.selects.flatMap((select) => {
      if (!select.body.distinct) return [];
      const table = select.sources.filter((source) => source.kind === 'table').find(isStored);
      const star = select.body.expressions.find((projection) => {
        const node = bare(projection);
        return (
          'star' in node && (node.star.except ?? []).length === 0 && isOf(table?.name, node.star.table?.name)
        );
      });
      if (table === undefined || star === undefined) return [];
      const clauses = clausesOf(sight, select);
      const span = starSpan(sight, select, star);
      const start = clauses === null ? undefined : sight.text.tokens[clauses.SELECT]?.start;
      return found(span === null || start === undefined ? null : { start, end: span.end }, { table });
    });
  },
};

function isOf(source: string | null | undefined, qualifier: string | undefined): boolean {
  return qualifier === undefined || qualifier.toLowerCase() === source;
}
