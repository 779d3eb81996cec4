import { clausesOf, type Detector, found } from '../detector.ts';
import type { Select, TableSource } from '../queries/queries.ts';
import { isStored, isUngrouped, selectsOf } from '../queries/rows.ts';
import { bare, columnsIn, literalText } from '../queries/tree.ts';

/** BI tools put a LIMIT of a million and more behind every query, which no one takes for a filter. */
const LARGEST_PREVIEW_ROWS = 100_000;

/** A LIMIT that is all that restricts a query: a look at some rows, for which every row of the columns is billed. */
export const limitSavesNoBytes: Detector = {
  name: 'limit-saves-no-bytes',
  find(sight) {
    return sight.queries.selects.flatMap((select) => {
      const rows = limitOf(select);
      if (select.role !== 'result' || rows === null || rows > LARGEST_PREVIEW_ROWS) return [];
      const table = readWhole({ ...select, body: { ...select.body, limit: null } });
      const { LIMIT, end } = clausesOf(sight, select) ?? {};
      if (table === null || LIMIT === undefined || end === undefined) return [];
      return found(sight.text.span(LIMIT, end - 1), { table });
    });
  },
};

function limitOf({ body }: Select): number | null {
  const text = literalText(body.limit?.this);
  return text === null ? null : Number(text);
}

/** The one table all of whose rows a SELECT gives, by itself or by one in its FROM; null where anything sifts them. */
function readWhole(select: Select): TableSource | null {
  const { body, sources } = select;
  const [source, ...others] = sources;
  if (source === undefined || others.length > 0 || body.where_clause !== null || body.order_by !== null)
    return null;
  if (!isUngrouped(select) || !takesColumns(select)) return null;
  if (source.kind === 'table') return isStored(source) && !source.node.table_sample ? source : null;
  const [inner, ...arms] = selectsOf(source);
  return inner === undefined || arms.length > 0 || inner === select ? null : readWhole(inner);
}

function takesColumns({ body }: Select): boolean {
  return body.expressions.some((one) => 'star' in bare(one)) || columnsIn(body.expressions).length > 0;
}
