import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { bothDirections, comparisonIn } from '../queries/comparisons.ts';
import type { Select } from '../queries/queries.ts';
import { outputName } from '../queries/reach.ts';
import { selectsOf } from '../queries/rows.ts';
import {
  type ColumnBody,
  columnsIn,
  conjunctsOf,
  type Identifier,
  literalText,
  nameOf,
  unwrap,
} from '../queries/tree.ts';

/**
 * Rows numbered by ROW_NUMBER or RANK within a group, of which the query around keeps only the first: that sorts every
 * row. QUALIFY, which says the same in place, is ignored.
 */
export const latestRecordByAnalyticFunction: Detector = {
  name: 'latest-record-by-analytic-function',
  find(context) {
    return context.queries.selects.flatMap((select) =>
      conjunctsOf(select.body.where_clause?.this)
        .flatMap((conjunct) => firstRowColumns(conjunct))
        .flatMap((column) => rowNumberFindings(context, select, column)),
    );
  },
};

/** The column in `c = 1`, `c <= 1` or `c < 2`. */
function firstRowColumns(conjunct: Parameters<typeof comparisonIn>[0]): readonly ColumnBody[] {
  const comparison = comparisonIn(conjunct);
  for (const { left, operator, right } of comparison === null ? [] : bothDirections(comparison)) {
    const [column, bound] = [unwrap(left), right[0]];
    if ('column' in column && FIRST[operator] === literalText(bound)) return [column.column];
  }
  return [];
}

const FIRST: Readonly<Record<string, string>> = { '=': '1', '<=': '1', '<': '2' };

function rowNumberFindings(context: DetectorContext, select: Select, column: ColumnBody): readonly Finding[] {
  const qualifier = column.table?.name.toLowerCase() ?? null;
  return select.sources
    .filter(({ name }) => qualifier === null || name === qualifier)
    .flatMap(selectsOf)
    .flatMap(({ body }) => body.expressions)
    .filter((projection) => outputName(projection) === nameOf(column))
    .flatMap((projection) => {
      const node = unwrap(projection);
      return 'alias' in node && isNumbering(node.alias.this) ? findingAt(placeOf(context, node.alias)) : [];
    });
}

function isNumbering(expression: Parameters<typeof comparisonIn>[0]): boolean {
  const node = unwrap(expression);
  if (!('window_function' in node)) return false;
  const { this: windowFunction, over } = node.window_function;
  const ranks = 'row_number' in windowFunction || 'rank' in windowFunction || 'dense_rank' in windowFunction;
  return ranks && over.order_by.length > 0 && columnsIn(over.partition_by).length > 0;
}

/** From the function's name to the alias: starts after the comma or SELECT before it. */
function placeOf({ text }: DetectorContext, { alias }: { readonly alias: Identifier }) {
  const end = text.tokenAt(alias);
  const group = end === null ? undefined : text.tokens[end]?.group;
  for (let index = end ?? -1; index >= 0; index -= 1) {
    const token = text.tokens[index];
    if (token?.group !== group) continue;
    if (token?.text === ',' || token?.word === 'SELECT') return text.span(index + 1, end ?? index);
  }
  return null;
}
