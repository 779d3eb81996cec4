import type { TextSpan } from '../../../vocabulary/antipatterns/antipattern.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import type { Role, Select, Source } from '../queries/queries.ts';
import { isStored, selectsOf } from '../queries/rows.ts';
import { type ColumnBody, unwrap } from '../queries/tree.ts';
import { starSpan } from '../star-span.ts';

/** Queries whose columns are all read; of those in FROM and WITH, only the columns that their readers use are. */
const READ_WHOLE: ReadonlySet<Role> = new Set(['result', 'written', 'exported', 'array', 'value']);

/**
 * A star, or the name of a row, that carries all columns of a stored table out of the query. BigQuery reads only the
 * columns that are needed in the end, so a star inside a query that is narrowed outside costs nothing.
 */
export const selectStar: Detector = {
  name: 'select-star',
  find(context) {
    const seen = new Set<Select>();
    return context.queries.selects
      .filter(({ role }) => READ_WHOLE.has(role))
      .flatMap((select) => starsIn(context, select, seen));
  },
};

function starsIn(context: DetectorContext, select: Select, seen: Set<Select>): readonly Finding[] {
  if (seen.has(select)) return [];
  seen.add(select);
  return select.body.expressions.flatMap((projection): readonly Finding[] => {
    const node = unwrap(projection);
    if ('star' in node) {
      const { table, except } = node.star;
      // Whoever excludes columns has thought about columns.
      if (except !== null && except.length > 0) return [];
      const qualifier = table?.name.toLowerCase() ?? null;
      const sources = select.sources.filter(({ name }) => qualifier === null || name === qualifier);
      return sources.flatMap((source) =>
        findingsFor(context, source, () => starSpan(context, select, projection), seen),
      );
    }
    if (!('column' in node)) return [];
    return rowsNamed(select, node.column).flatMap((source) =>
      findingsFor(context, source, () => columnSpan(context, node.column), seen),
    );
  });
}

function findingsFor(
  context: DetectorContext,
  source: Source,
  span: () => TextSpan | null,
  seen: Set<Select>,
): readonly Finding[] {
  if (source.kind === 'table') return isStored(source) ? findingAt(span(), { table: source }) : [];
  return selectsOf(source).flatMap((inner) => starsIn(context, inner, seen));
}

/** `SELECT t FROM dataset.t` returns whole rows of t. */
function rowsNamed(select: Select, column: ColumnBody): readonly Source[] {
  return column.table === null
    ? select.sources.filter(({ kind, name }) => kind === 'table' && name === column.name.name.toLowerCase())
    : [];
}

function columnSpan({ text }: DetectorContext, column: ColumnBody): TextSpan | null {
  const token = text.tokenAt(column);
  return token === null ? null : text.span(token, token);
}
