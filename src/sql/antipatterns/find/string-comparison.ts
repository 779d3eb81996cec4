import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import { tableOf } from '../queries/columns.ts';
import type { Comparison } from '../queries/comparisons.ts';
import { filtersOf } from '../queries/filters.ts';
import type { Select } from '../queries/queries.ts';
import { bare, columnsIn, functionName, literalText } from '../queries/tree.ts';
import { conditionAround } from '../source/places.ts';

/** A date or a number converted to a string to be compared with one, in a filter or a join condition. */
export const stringComparison: Detector = {
  name: 'string-comparison',
  find(sight) {
    return sight.queries.selects.flatMap((select) =>
      filtersOf(select)
        .filter(isOfStrings)
        .flatMap(({ left }) => conditionOn(sight, select, left)),
    );
  },
};

function isOfStrings({ operator, left, right }: Comparison): boolean {
  if (operator === 'like' || stringified(left) === null) return false;
  return right.length > 0 && right.every((side) => isTyped(side) || stringified(side) !== null);
}

/** A literal that looks like a number or begins like a date: it could be written in that type. */
function isTyped(side: Expression): boolean {
  const node = bare(side);
  return 'literal' in node && node.literal.literal_type === 'string' && TYPED.test(literalText(node) ?? '');
}

const TYPED = /^(?:[-+]?\d+(?:\.\d+)?|\d{4}[-/]?\d{2}.*)$/;

/** Date formats that sort like dates; `%A` and the like extract a part by which dates do not compare. */
const DATE_FORMAT = /^(?:%F|%Y(?:[-/]?%m(?:[-/]?%d)?)?)$/;

/** The value that is converted to a string, in full or to a prefix; null if none is. */
function stringified(side: Expression): Expression | null {
  const node = bare(side);
  if ('cast' in node) return isString(node.cast.to) && hasColumn(node.cast.this) ? node.cast.this : null;
  if ('safe_cast' in node) {
    return isString(node.safe_cast.to) && hasColumn(node.safe_cast.this) ? node.safe_cast.this : null;
  }
  if ('substring' in node) return stringified(node.substring.this);
  if (!('function' in node) || !FORMATS.has(functionName(node) ?? '')) return null;
  const [format, value] = node.function.args;
  const isDate = DATE_FORMAT.test(literalText(format) ?? '');
  return isDate && value !== undefined && hasColumn(value) ? value : null;
}

const FORMATS = new Set(['FORMAT_DATE', 'FORMAT_DATETIME', 'FORMAT_TIMESTAMP']);

function isString({ data_type }: { readonly data_type: string }): boolean {
  return data_type === 'string' || data_type === 'text' || data_type === 'var_char';
}

function hasColumn(expression: Expression): boolean {
  return columnsIn(expression).length > 0;
}

function conditionOn({ text }: Sight, select: Select, left: Expression): readonly Found[] {
  const [column] = columnsIn(left);
  const token = column === undefined ? null : text.tokenAt(column);
  if (column === undefined || token === null) return [];
  return found(conditionAround(text, token), { column, table: tableOf(select, column) });
}
