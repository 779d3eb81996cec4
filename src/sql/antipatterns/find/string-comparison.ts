import type { Expression } from '../../syntax/syntax-parts.ts';
import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { conditionAround } from '../places.ts';
import { tableOf } from '../queries/columns.ts';
import type { Comparison } from '../queries/comparisons.ts';
import { filtersOf } from '../queries/filters.ts';
import type { Select } from '../queries/queries.ts';
import { columnsIn, functionName, literalText, unwrap } from '../queries/tree.ts';

/** A date or a number converted to a string to be compared with one, in a filter or a join condition. */
export const stringComparison: Detector = {
  name: 'string-comparison',
  find(context) {
    return context.queries.selects.flatMap((select) =>
      filtersOf(select)
        .filter(comparesStrings)
        .flatMap(({ left }) => conditionOn(context, select, left)),
    );
  },
};

function comparesStrings({ operator, left, right }: Comparison): boolean {
  if (operator === 'like' || convertedValue(left) === null) return false;
  return right.length > 0 && right.every((side) => looksTyped(side) || convertedValue(side) !== null);
}

/** A literal that looks like a number or begins like a date: it could be written in that type. */
function looksTyped(side: Expression): boolean {
  const node = unwrap(side);
  return (
    'literal' in node && node.literal.literal_type === 'string' && LOOKS_TYPED.test(literalText(node) ?? '')
  );
}

const LOOKS_TYPED = /^(?:[-+]?\d+(?:\.\d+)?|\d{4}[-/]?\d{2}.*)$/;

/** Date formats that sort like dates; `%A` and the like extract a part by which dates do not compare. */
const DATE_FORMAT = /^(?:%F|%Y(?:[-/]?%m(?:[-/]?%d)?)?)$/;

/** The value that is converted to a string, in full or to a prefix; null if none is. */
function convertedValue(side: Expression): Expression | null {
  const node = unwrap(side);
  if ('cast' in node) return isString(node.cast.to) && hasColumn(node.cast.this) ? node.cast.this : null;
  if ('safe_cast' in node) {
    return isString(node.safe_cast.to) && hasColumn(node.safe_cast.this) ? node.safe_cast.this : null;
  }
  if ('substring' in node) return convertedValue(node.substring.this);
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

function conditionOn({ text }: DetectorContext, select: Select, left: Expression): readonly Finding[] {
  const [column] = columnsIn(left);
  const token = column === undefined ? null : text.tokenAt(column);
  if (column === undefined || token === null) return [];
  return findingAt(conditionAround(text, token), { column, table: tableOf(select, column) });
}
