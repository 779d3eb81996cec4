import { clausesOf, type Detector, findingAt } from '../detector.ts';
import type { Select, TableSource } from '../queries/queries.ts';
import { isSampled, isStored, isUngrouped, selectsOf } from '../queries/rows.ts';
import { columnsIn, literalText, unwrap } from '../queries/tree.ts';

/** BI tools append a LIMIT of a million or more to every query, which nobody takes for a filter. */
const LARGEST_PREVIEW_ROWS = 100_000;

/** A LIMIT as a query's only restriction: it looks at some rows, but the columns are billed for every row. */
export const limitSavesNoBytes: Detector = {
  name: 'limit-saves-no-bytes',
  find(context) {
    return context.queries.selects.flatMap((select) => {
      const rows = limitOf(select);
      if (select.role !== 'result' || rows === null || rows > LARGEST_PREVIEW_ROWS) return [];
      const table = fullyReadTable({ ...select, body: { ...select.body, limit: null } });
      const { LIMIT, end } = clausesOf(context, select) ?? {};
      if (table === null || LIMIT === undefined || end === undefined) return [];
      return findingAt(context.text.span(LIMIT, end - 1), { table });
    });
  },
};

function limitOf({ body }: Select): number | null {
  const text = literalText(body.limit?.this);
  return text === null ? null : Number(text);
}

/**
 * The one table whose rows a SELECT returns complete, either directly or through a SELECT in its FROM; null if anything
 * filters them.
 */
function fullyReadTable(select: Select): TableSource | null {
  const { body, sources } = select;
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0 || body.where_clause !== null || body.order_by !== null)
    return null;
  if (!isUngrouped(select) || !takesColumns(select)) return null;
  if (source.kind === 'table') return isStored(source) && !isSampled(source) ? source : null;
  const [inner, ...arms] = selectsOf(source);
  return inner === undefined || arms.length > 0 || inner === select ? null : fullyReadTable(inner);
}

function takesColumns({ body }: Select): boolean {
  return (
    body.expressions.some((projection) => 'star' in unwrap(projection)) ||
    columnsIn(body.expressions).length > 0
  );
}
