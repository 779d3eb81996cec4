import type { ASTNode } from '@marcbachmann/cel-js';
import type { ExpressionError } from './expression-error.ts';

/** How deep lists may be walked inside one another: tables, their columns, and one more. */
const DEEPEST_WALK = 3;

/** List walks, each with the arguments that are evaluated per item. */
const WALKS: ReadonlySet<string> = new Set(['exists', 'exists_one', 'all', 'filter', 'map']);

/** The cost of an operation that walks a list by itself. */
const LIST_STEPS = 50;
const LIST_OPERATIONS: ReadonlySet<string> = new Set(['in', 'join']);

/** Functions that cannot be bounded, and what to use instead. */
const UNBOUNDED: ReadonlyMap<string, string> = new Map([
  [
    'matches',
    'expected startsWith, endsWith, contains, or query.reads with a *: a pattern can take for ever',
  ],
  ['bind', 'expected the expression itself in each place'],
]);

/**
 * The same expression with each list walk metered: `tables.exists(t, …)` becomes `tables.metered(4).exists(t, …)`,
 * where 4 is the cost of the walk per item.
 * @param root the parsed expression
 * @returns the expression, or the part of it that cannot be bounded
 */
export function meteredExpression(expression: string, root: ASTNode): string | ExpressionError {
  const nodes = [...nodesWithin(root, 0)];
  const [error] = nodes.flatMap((each) => unboundedPart(each) ?? []);
  if (error !== undefined) return error;
  let metered = expression;
  for (const walk of walksIn(nodes).toSorted((a, b) => b.list.end - a.list.end)) {
    const at = dotBefore(walk, expression);
    if (at === null)
      return unboundedError(walk.node, `${walk.name} cannot be metered`, 'expected no comment beside it');
    metered = `${metered.slice(0, at)}.metered(${stepsPerItem(walk)})${metered.slice(at)}`;
  }
  return metered;
}

/** A part of an expression, and how many walks are around it. */
interface NestedNode {
  readonly node: ASTNode;
  readonly depth: number;
}

function* nodesWithin(node: ASTNode, depth: number): Generator<NestedNode> {
  yield { node, depth };
  const walk = walkOf(node);
  for (const part of partsOf(node)) {
    yield* nodesWithin(part, walk === null || part === walk.list ? depth : depth + 1);
  }
}

interface Walk {
  readonly node: ASTNode;
  readonly name: string;
  readonly list: ASTNode;
  /** The name of an item, and what is evaluated for each. */
  readonly itemArguments: readonly ASTNode[];
}

function walkOf(node: ASTNode): Walk | null {
  if (node.op !== 'rcall' || !WALKS.has(node.args[0])) return null;
  const [name, list, given] = node.args;
  return { node, name, list, itemArguments: given };
}

function walksIn(nodes: readonly NestedNode[]): readonly Walk[] {
  return nodes.flatMap(({ node }) => walkOf(node) ?? []);
}

function unboundedPart({ node, depth }: NestedNode): ExpressionError | null {
  const instead = UNBOUNDED.get(nameOf(node));
  if (instead !== undefined) return unboundedError(node, `${nameOf(node)} is not available`, instead);
  if (walkOf(node) === null || depth < DEEPEST_WALK) return null;
  return unboundedError(node, `lists are walked ${depth + 1} deep`, `expected ${DEEPEST_WALK} deep at most`);
}

function unboundedError({ start }: ASTNode, problem: string, expected: string): ExpressionError {
  return { problem: `the expression cannot be bounded: ${problem}`, expected, offset: start };
}

/** The position of the dot before a walk; parentheses may come between it and its list. */
function dotBefore({ name, list, itemArguments }: Walk, expression: string): number | null {
  const between = expression.slice(list.end, itemArguments[0]?.start);
  const dot = new RegExp(`^[\\s)]*(?=\\.\\s*${name}\\s*\\(\\s*$)`).exec(between);
  return dot === null ? null : list.end + dot[0].length;
}

function stepsPerItem({ itemArguments }: Walk): number {
  return itemArguments.reduce((sum, part) => sum + stepsOf(part), 1);
}

/** The cost of evaluating a part once; walks inside it are metered by themselves. */
function stepsOf(node: ASTNode): number {
  const walk = walkOf(node);
  const parts = walk === null ? partsOf(node) : [walk.list];
  return parts.reduce((sum, part) => sum + stepsOf(part), LIST_OPERATIONS.has(nameOf(node)) ? LIST_STEPS : 1);
}

/** For a call, the function's name; for anything else, the operator. */
function nameOf(node: ASTNode): string {
  return node.op === 'rcall' || node.op === 'call' ? node.args[0] : node.op;
}

function partsOf(node: ASTNode): readonly ASTNode[] {
  switch (node.op) {
    case 'value':
    case 'id':
      return [];
    case '.':
    case '.?':
      return [node.args[0]];
    case '!_':
    case '-_':
      return [node.args];
    case 'call':
      return node.args[1];
    case 'rcall':
      return [node.args[1], ...node.args[2]];
    case 'map':
      return node.args.flat();
    default:
      return node.args;
  }
}
