import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type Found, found, type Sight } from '../detector.ts';
import { tableOf } from '../queries/columns.ts';
import type { Comparison } from '../queries/comparisons.ts';
import { filtersOf } from '../queries/filters.ts';
import type { Select } from '../queries/queries.ts';
import { bare, columnsIn, functionName, literalText } from '../queries/tree.ts';
import { conditionAround } from '../source/places.ts';

/** A date or a number made a string to be compared with one, in a filter or the condition of a join. */
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

/** A literal that reads as a number or begins as a date does: as another type it would say the same. */
function isTyped(side: Expression): boolean {
  const node = bare(side);
  return 'literal' in node && node.literal.literal_type === 'string' && TYPED.test(literalText(node) ?? '');
}

const TYPED = /^(?:[-+]?\d+(?:\.\d+)?|\d{4}[-/]?\d{2}.*)$/;

/** Formats of dates that sort as dates do; `%A` and the like ask for a part that dates do not compare by. */
const DATE_FORMAT = /^(?:%F|%Y(?:[-/]?%m(?:[-/]?%d)?)?)$/;

/** The value that is made a string whole, or by its beginning; null where none is. */
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
