import { functionName, literalText, unwrap } from '../antipatterns/queries/tree.ts';
import { type Expression, partsIn } from '../syntax/syntax-parts.ts';

/** Regular expressions without a character that the text must have. */
const ANY_TEXT = /^\^?(?:\.\*\??)?\$?$/;

/** Whether a condition compares texts with a pattern that all of them match, as in `LIKE '%'` or `STARTS_WITH(x, '')`. */
export function matchesAnyText(node: Expression): boolean {
  if ('like' in node) {
    const { right, quantifier } = node.like;
    const isAny = operandsOf(right).map((operand) => /^%+$/.test(literalText(operand) ?? ''));
    return quantifier?.toUpperCase() === 'ALL' ? !isAny.includes(false) : isAny.includes(true);
  }
  if ('starts_with' in node) return literalText(node.starts_with.expression) === '';
  if ('ends_with' in node) return literalText(node.ends_with.expression) === '';
  const [, second] = 'function' in node ? partsIn(node.function.args) : [];
  const pattern = literalText(second as Expression | undefined);
  if (pattern === null) return false;
  const name = functionName(node);
  return name === 'REGEXP_CONTAINS' ? ANY_TEXT.test(pattern) : name === 'CONTAINS_SUBSTR' && pattern === '';
}

/** The patterns after LIKE ANY or LIKE ALL, or the one after LIKE. */
function operandsOf(right: Expression): readonly Expression[] {
  const node = unwrap(right);
  return 'tuple' in node ? node.tuple.expressions : [node];
}
