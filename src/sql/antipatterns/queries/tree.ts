import { withoutCallNames } from '../../syntax/call-names.ts';
import { ast } from '../../syntax/polyglot.ts';
import { type Expression, isParts, type SelectBody } from '../../syntax/syntax-parts.ts';

type NodeOf<Type extends string> = Extract<Expression, Readonly<Record<Type, unknown>>>;
export type ColumnBody = NodeOf<'column'>['column'];
export type Identifier = ColumnBody['name'];
export type Join = SelectBody['joins'][number];

/** The expression without surrounding parentheses and comments. */
export function unwrap(expression: Expression): Expression {
  if ('annotated' in expression) return unwrap(expression.annotated.this);
  if ('paren' in expression) return unwrap(expression.paren.this);
  return expression;
}

/** Whether the node returns rows: a SELECT, a set operation, or one of these in parentheses. */
export function isQuery(node: Expression): boolean {
  return 'select' in node || 'union' in node || 'intersect' in node || 'except' in node || 'subquery' in node;
}

/** Walks are cached for the life of the tree: several anti-patterns look at the same clauses. */
const walks = new WeakMap<object, readonly Expression[]>();

/** Every node in a part of the tree, from left to right; queries in it are listed, but not entered. */
export function nodesIn(part: unknown): readonly Expression[] {
  if (typeof part !== 'object' || part === null) return [];
  if (Array.isArray(part)) return part.flatMap(nodesIn);
  const cached = walks.get(part);
  if (cached !== undefined) return cached;
  const found: Expression[] = [];
  collect(part, found);
  walks.set(part, found);
  return found;
}

function collect(part: object, found: Expression[]): void {
  if (Array.isArray(part)) {
    for (const item of part) if (isObject(item)) collect(item, found);
    return;
  }
  if (ast.isExpressionValue(part)) {
    found.push(part);
    if (isQuery(part)) return;
  }
  const own: object = isParts(part) ? withoutCallNames(part) : part;
  for (const [key, value] of Object.entries(own))
    if (isObject(value) && key !== 'span') collect(value, found);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** The columns that a part of the tree names, outside queries in it; no parameters. */
export function columnsIn(part: unknown): readonly ColumnBody[] {
  return nodesIn(part).flatMap((node) =>
    'column' in node && !isParameter(node.column) ? [node.column] : [],
  );
}

/** Whether what looks like a column is a parameter, or a field of one. */
export function isParameter({ name, table }: ColumnBody): boolean {
  return (table ?? name).name.startsWith('@');
}

/** A column's name in lower case. */
export function nameOf(column: ColumnBody): string {
  return column.name.name.toLowerCase();
}

/** The conditions that must all hold: AND is taken apart, with parentheses and comments removed. Takes time linear in it. */
export function conjunctsOf(condition: Expression | null | undefined): readonly Expression[] {
  const conjuncts: Expression[] = [];
  const open = condition ? [condition] : [];
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const node = unwrap(next);
    if ('and' in node) open.push(node.and.right, node.and.left);
    else conjuncts.push(node);
  }
  return conjuncts;
}

/** Whether a WHERE lets no row through, whatever is in it: one of its conditions is FALSE, or two different numbers are equal. */
export function neverHolds(condition: Expression | null | undefined): boolean {
  return conjunctsOf(condition).some((node) => {
    if ('boolean' in node) return !node.boolean.value;
    if (!('eq' in node)) return false;
    const [left, right] = [literalText(node.eq.left), literalText(node.eq.right)];
    return isDigit(left) && isDigit(right) && left !== right;
  });
}

function isDigit(text: string | null): boolean {
  return text !== null && /^\d$/.test(text);
}

/** The value of a literal, strings without their quotes; null for anything else. */
export function literalText(expression: Expression | undefined): string | null {
  const node = expression === undefined ? undefined : unwrap(expression);
  if (node === undefined || !('literal' in node)) return null;
  return typeof node.literal.value === 'string' ? node.literal.value : null;
}

/** A function's name in upper case, if the parser keeps it by name; null for anything else. */
export function functionName(node: Expression): string | null {
  if ('function' in node) return node.function.quoted ? null : node.function.name.toUpperCase();
  return null;
}

/** Whether an aggregate function combines rows, outside windows and queries in this part. */
export function aggregates(part: unknown): boolean {
  const windowed = new Set(
    nodesIn(part).flatMap((node) => ('window_function' in node ? [unwrap(node.window_function.this)] : [])),
  );
  return nodesIn(part).some((node) => !windowed.has(node) && isAggregate(node));
}

function isAggregate(node: Expression): boolean {
  const name = functionName(node);
  return AGGREGATES.has(ast.getExprType(node)) || (name !== null && AGGREGATE_FUNCTIONS.has(name));
}

/** Aggregates that have their own node in the parser. */
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

/** Aggregates that the parser treats as ordinary functions. */
const AGGREGATE_FUNCTIONS = new Set([
  'APPROX_TOP_COUNT',
  'APPROX_TOP_SUM',
  'ARRAY_CONCAT_AGG',
  'BIT_AND',
  'BIT_OR',
  'BIT_XOR',
  'ST_UNION_AGG',
]);
