import type { TextSpan } from '../../../vocabulary/antipattern.ts';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import type { Role, Select, Source } from '../queries/queries.ts';
import { isStored, selectsOf } from '../queries/rows.ts';
import { bare, type ColumnBody } from '../queries/tree.ts';
import { starSpan } from './star-span.ts';

/** Queries all of whose columns are read; of those in FROM and WITH only what their readers take is. */
const READ_WHOLE: ReadonlySet<Role> = new Set(['result', 'written', 'exported', 'array', 'value']);

/**
 * A star, or the name of a row, that takes all columns of a stored table up to where they leave the query. BigQuery
 * reads only the columns that are needed in the end, so a star inside that is narrowed outside costs nothing.
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
      // What leaves columns out was written with the columns in mind.
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

/** `SELECT t FROM dataset.t` gives the rows of t whole. */
function rowsNamed(select: Select, column: ColumnBody): readonly Source[] {
  return column.table === null
    ? select.sources.filter(({ kind, name }) => kind === 'table' && name === column.name.name.toLowerCase())
    : [];
}

function columnSpan({ text }: Sight, column: ColumnBody): TextSpan | null {
  const token = text.tokenAt(column);
  return token === null ? null : text.span(token, token);
}
