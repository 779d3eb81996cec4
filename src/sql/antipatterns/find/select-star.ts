import type { TextSpan } from '../../../vocabulary/antipattern.ts';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import type { Role, Select, Source } from '../queries/queries.ts';
import { isStored, selectsOf } from '../queries/rows.ts';
import { bare, type ColumnBody } from '../queries/tree.ts';
import { starSpan } from './star-span.ts';

/** Queries whose columns are all read; of those in FROM and WITH, only the columns that their readers use are. */
const READ_WHOLE: ReadonlySet<Role> = new Set(['result', 'written', 'exported', 'array', 'value']);

/**
 * A star, or the name of a row, that carries all columns of a stored table out of the query. BigQuery reads only the
 * columns that are needed in the end, so a star inside a query that is narrowed outside costs nothing.
 */
export const selectStar: Detector = {
  name: 'select-star',
  find(sight) {
    const seen = new Set<Select>();
    return sight.queries.selects
      .filter(({ role }) => READ_WHOLE.has(role))
      .flatMap((select) => starsIn(sight, select, seen));
  },
};

function starsIn(sight: Sight, select: Select, seen: Set<Select>): readonly Found[] {
  if (seen.has(select)) return [];
  seen.add(select);
  return select.body.expressions.flatMap((projection): readonly Found[] => {
    const node = bare(projection);
    if ('star' in node) {
      const { table, except } = node.star;
      // Whoever excludes columns has thought about columns.
      if (except !== null && except.length > 0) return [];
      const qualifier = table?.name.toLowerCase() ?? null;
      const sources = select.sources.filter(({ name }) => qualifier === null || name === qualifier);
      return sources.flatMap((source) =>
        taken(sight, source, () => starSpan(sight, select, projection), seen),
      );
    }
    if (!('column' in node)) return [];
    return rowsNamed(select, node.column).flatMap((source) =>
      taken(sight, source, () => columnSpan(sight, node.column), seen),
    );
  });
}

function taken(
  sight: Sight,
  source: Source,
  span: () => TextSpan | null,
  seen: Set<Select>,
): readonly Found[] {
  if (source.kind === 'table') return isStored(source) ? found(span(), { table: source }) : [];
  return selectsOf(source).flatMap((inner) => starsIn(sight, inner, seen));
}

/** `SELECT t FROM dataset.t` returns whole rows of t. */
function rowsNamed(select: Select, column: ColumnBody): readonly Source[] {
  return column.table === null
    ? select.sources.filter(({ kind, name }) => kind === 'table' && name === column.name.name.toLowerCase())
    : [];
}

function columnSpan({ text }: Sight, column: ColumnBody): TextSpan | null {
  const token = text.tokenAt(column);
  return token === null ? null : text.span(token, token);
}
