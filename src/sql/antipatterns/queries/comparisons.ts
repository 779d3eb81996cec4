import type { Expression } from '../../syntax/syntax-parts.ts';
import { isParameter, isQuery, nodesIn, unwrap } from './tree.ts';

type Operator = '=' | '<>' | '<' | '<=' | '>' | '>=' | 'between' | 'in' | 'like';

/** A value compared with one or more others. */
export interface Comparison {
  readonly operator: Operator;
  readonly left: Expression;
  readonly right: readonly Expression[];
}

const MIRRORED: Readonly<Record<Operator, Operator>> = {
  '=': '=',
  '<>': '<>',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
  between: 'between',
  in: 'in',
  like: 'like',
};

/** The comparison in a node; null if it is not one. */
export function comparisonIn(expression: Expression): Comparison | null {
  const node = unwrap(expression);
  if ('between' in node) {
    const { this: left, low, high, not } = node.between;
    return not ? null : { operator: 'between', left, right: [low, high] };
  }
  if ('in' in node) {
    const { this: left, expressions, query, unnest, not } = node.in;
    const right = [...expressions, ...(query ? [query] : []), ...(unnest ? [unnest] : [])];
    return not ? null : { operator: 'in', left, right };
  }
  if ('like' in node) return { operator: 'like', left: node.like.left, right: [node.like.right] };
  const sides = binaryIn(node);
  return sides === null ? null : { operator: sides[0], left: sides[1].left, right: [sides[1].right] };
}

function binaryIn(node: Expression) {
  if ('eq' in node) return ['=', node.eq] as const;
  if ('neq' in node) return ['<>', node.neq] as const;
  if ('lt' in node) return ['<', node.lt] as const;
  if ('lte' in node) return ['<=', node.lte] as const;
  if ('gt' in node) return ['>', node.gt] as const;
  return 'gte' in node ? (['>=', node.gte] as const) : null;
}

/** The same comparison with its sides swapped; null if more than two values are compared. */
function swapSides({ operator, left, right }: Comparison): Comparison | null {
  const [only, ...others] = right;
  if (only === undefined || others.length > 0 || operator === 'in' || operator === 'like') return null;
  return { operator: MIRRORED[operator], left: only, right: [left] };
}

/** Every comparison in a part of the tree, outside queries in it, each with either side on the left. */
export function comparisonsIn(part: unknown): readonly Comparison[] {
  return nodesIn(part).flatMap((node) => {
    const comparison = 'paren' in node || 'annotated' in node ? null : comparisonIn(node);
    return comparison === null ? [] : bothDirections(comparison);
  });
}

/** A comparison with either side on the left, if it can be swapped. */
export function bothDirections(comparison: Comparison): readonly Comparison[] {
  const swapped = swapSides(comparison);
  return swapped === null ? [comparison] : [comparison, swapped];
}

/** Whether an expression is the same for every row: no column in it, and no query. Parameters are constant. */
export function isConstant(expression: Expression): boolean {
  return nodesIn(expression).every(
    (node) => !isQuery(node) && (!('column' in node) || isParameter(node.column)),
  );
}
