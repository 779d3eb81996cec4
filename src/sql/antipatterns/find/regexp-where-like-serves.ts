import { type Detector, type DetectorContext, type Finding, findingAt } from '../detector.ts';
import { callAround } from '../places.ts';
import { tableOf } from '../queries/columns.ts';
import type { Select } from '../queries/queries.ts';
import { columnsIn, functionName, literalText, nodesIn } from '../queries/tree.ts';

/** REGEXP_CONTAINS with a pattern that LIKE, STARTS_WITH or ENDS_WITH can express. */
export const regexpWhereLikeServes: Detector = {
  name: 'regexp-where-like-serves',
  find(context) {
    return context.queries.selects.flatMap((select) =>
      nodesIn(select.clauses).flatMap((node) => {
        if (!('function' in node) || functionName(node) !== 'REGEXP_CONTAINS') return [];
        const [value, pattern] = node.function.args;
        return isPlain(pattern) ? callOn(context, select, value) : [];
      }),
    );
  },
};

/** Literal text with `.*`, `^` and `$` only at its ends. `%` and `_` would need escaping for LIKE. */
const PLAIN = /^\^?(?:\.\*\??)?(?:[^\\^$.|?*+()[\]{}%_]|\\[.\-/])+(?:\.\*\??)?\$?$/;

function isPlain(pattern: ReturnType<typeof nodesIn>[number] | undefined): boolean {
  return PLAIN.test(literalText(pattern) ?? '');
}

function callOn({ text }: DetectorContext, select: Select, value: unknown): readonly Finding[] {
  const [column] = columnsIn(value);
  const token = column === undefined ? null : text.tokenAt(column);
  if (column === undefined || token === null) return [];
  return findingAt(callAround(text, token, 'REGEXP_CONTAINS'), { column, table: tableOf(select, column) });
}
