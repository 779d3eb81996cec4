import { ast } from '../../syntax/polyglot.ts';
import type { Expression, SelectBody } from '../../syntax/syntax-parts.ts';

type NodeOf<Type extends string> = Extract<Expression, Readonly<Record<Type, unknown>>>;
export type ColumnBody = NodeOf<'column'>['column'];
export type Identifier = ColumnBody['name'];
export type Join = SelectBody['joins'][number];

/** The expression without the brackets and the comments around it. */
export function bare(expression: Expression): Expression {
  if ('annotated' in expression) return bare(expression.annotated.this);
  if ('paren' in expression) return bare(expression.paren.this);
  return expression;
}

/** Whether the node gives rows: a SELECT, a set operation, or one of these in brackets. */
export function isQuery(node: Expression): boolean {
  return 'select' in node || 'union' in node || 'intersect' in node || 'except' in node || 'subquery' in node;
}

/** Walks are kept for as long as the tree is: several anti-patterns look at the same clauses. */
const walks = new WeakMap<object, readonly Expression[]>();

/** Every node in a part of the tree, as it is written from left to right; queries in it are named, not entered. */
export function nodesIn(part: unknown): readonly Expression[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  const known = walks.get(part);
  if (known !== undefined) return known;
  const found: Expression[] = [];
  collect(part, found);
  walks.set(part, found);
  return found;
}

function collect(part: object, found: Expression[]): void {
  if (ast.isExpressionValue(part)) {
    found.push(part);
    if (isQuery(part)) return;
  }
  for (const [key, value] of Object.entries(part)) {
    if (typeof value === 'object' && value !== null && key !== 'span') collect(value, found);
  }
}

/** The columns that a part of the tree names, outside queries in it; parameters left out. */
export function columnsIn(part: unknown): readonly ColumnBody[] {
  return nodesIn(part).flatMap((node) =>
    'column' in node && !node.column.name.name.startsWith('@') ? [node.column] : [],
  );
}

/** A column's name in lower case. */
export function nameOf(column: ColumnBody): string {
  return column.name.name.toLowerCase();
}

/** The conditions that must all be met, brackets and comments around AND taken away. */
export function conjunctsOf(condition: Expression | null | undefined): readonly Expression[] {
  if (!condition) return [];
  const node = bare(condition);
  return 'and' in node ? [...conjunctsOf(node.and.left), ...conjunctsOf(node.and.right)] : [node];
}

/** What a literal says, strings without their quotes; null for anything else. */
export function literalText(expression: Expression | undefined): string | null {
  const node = expression === undefined ? undefined : bare(expression);
  if (node === undefined || !('literal' in node)) return null;
  return typeof node.literal.value === 'string' ? node.literal.value : null;
}

/** A function's name in upper case, of those that the parser keeps by name; null for anything else. */
export function functionName(node: Expression): string | null {
  if ('function' in node) return node.function.quoted ? null : node.function.name.toUpperCase();
  return null;
}

/** Whether rows are brought together by an aggregate function, outside of windows and queries in the part. */
export function aggregates(part: unknown): boolean {
  const windowed = new Set(
    nodesIn(part).flatMap((node) => ('window_function' in node ? [bare(node.window_function.this)] : [])),
  );
  return nodesIn(part).some((node) => !windowed.has(node) && isAggregate(node));
}

function isAggregate(node: Expression): boolean {
  const name = functionName(node);
  return AGGREGATES.has(ast.getExprType(node)) || (name !== null && AGGREGATE_FUNCTIONS.has(name));
}

/** Aggregates that the parser has nodes for. */
const AGGREGATES: ReadonlySet<string> = new Set([
  'aggregate_function',
  'any_value',
  'approx_count_distinct',
  'array_agg',
  'array_concat_agg',
  'avg',
  'bitwise_and_agg',
  'bitwise_or_agg',
  'bitwise_xor_agg',
  'corr',
  'count',
  'count_if',
  'covar_pop',
  'covar_samp',
  'logical_and',
  'logical_or',
  'max',
  'min',
  'stddev',
  'stddev_pop',
  'stddev_samp',
  'string_agg',
  'sum',
  'var_pop',
  'var_samp',
  'variance',
]);

/** Aggregates that the parser reads as functions like any other. */
const AGGREGATE_FUNCTIONS = new Set([
  'APPROX_TOP_COUNT',
  'APPROX_TOP_SUM',
  'ARRAY_CONCAT_AGG',
  'BIT_AND',
  'BIT_OR',
  'BIT_XOR',
  'ST_UNION_AGG',
]);
