import { type ColumnBody, columnsIn, isQuery, unwrap } from '../antipatterns/queries/tree.ts';
import { withoutCallNames } from '../syntax/call-names.ts';
import { type Expression, innerParts, isParts, type Parts } from '../syntax/syntax-parts.ts';
import { matchesAnyText } from './matches-any-text.ts';

/** How the caller knows columns. */
interface Columns<T> {
  /** What a name in the SQL may mean. */
  readonly of: (column: ColumnBody) => readonly T[];
  /** Those of the first list that are in all the others. */
  readonly common: (lists: readonly (readonly T[])[]) => readonly T[];
  /** Those by which a comparison filters, by all columns in it; if it is absent, each of them. */
  readonly compared?: (found: readonly T[], all: readonly ColumnBody[]) => readonly T[];
}

/** Comparisons that let through nearly all rows; negated, few. */
const EXCLUDING: ReadonlySet<string> = new Set(['neq', 'null_safe_neq']);

/** Comparisons that let through few rows; negated, nearly all. */
const SELECTING: ReadonlySet<string> = new Set(['eq', 'null_safe_eq', 'is_null', 'in', 'between', 'like']);

/** Inside an expression, these are conditions of their own, whose outcome the expression may ignore. */
const CONDITIONS: ReadonlySet<string> = new Set([
  ...['and', 'or', 'not', 'lt', 'lte', 'gt', 'gte', 'is_true', 'is_false'],
  ...EXCLUDING,
  ...SELECTING,
]);

/**
 * The columns by which a condition keeps rows out. Left out are those of `IS NOT NULL`, `<>` and `NOT IN`, those that are
 * compared with themselves or with a pattern that any text matches, and those that only some branches of an OR, IF, CASE
 * or COALESCE, or a condition inside an expression, speak of: all of these are true of any row, or of nearly all. A
 * column that is compared with another table's is joined, and all rows are read for that.
 */
export function filteringColumns<T>(condition: unknown, columns: Columns<T>): readonly T[] {
  return isParts(condition) ? columnsOf(condition as Expression, false, columns) : [];
}

/** The same of a condition that must hold or, negated, must not. */
function columnsOf<T>(condition: Expression, isNegated: boolean, columns: Columns<T>): readonly T[] {
  const node = unwrap(condition);
  if ('not' in node) return columnsOf(node.not.this, !isNegated, columns);
  if ('is_true' in node && !node.is_true.not) return columnsOf(node.is_true.this, isNegated, columns);
  // Where an OR must not hold, none of its operands may: each keeps rows out, as those of an AND that must.
  const chain = isNegated ? 'or' : 'and';
  if (chain in node)
    return operandsOf(node, chain).flatMap((operand) => columnsOf(operand, isNegated, columns));
  const branches = branchesOf(node);
  if (branches === null) return keepsRowsOut(node, isNegated) ? comparedColumns(node, columns) : [];
  const open = branches.filter((branch) => !letsNoRowThrough(branch, isNegated));
  return columns.common(open.map((branch) => columnsOf(branch, isNegated, columns)));
}

/** Conditions of which one decides, though not always the same one; null for any other node. */
function branchesOf(node: Expression): readonly Expression[] | null {
  if ('and' in node || 'or' in node) return operandsOf(node, 'and' in node ? 'and' : 'or');
  if ('coalesce' in node) return node.coalesce.expressions;
  if ('if_func' in node) return [node.if_func.true_value, ...present(node.if_func.false_value)];
  if ('case' in node) return [...node.case.whens.map(([, then]) => then), ...present(node.case.else_)];
  return null;
}

/** A branch that is not written is NULL, which lets no row through. */
function present(branch: Expression | null | undefined): readonly Expression[] {
  return branch ? [branch] : [];
}

/** Whether a branch is written as NULL, or as what the condition must not be. */
function letsNoRowThrough(condition: Expression, isNegated: boolean): boolean {
  const node = unwrap(condition);
  return 'null' in node || ('boolean' in node && node.boolean.value === isNegated);
}

/** The operands of a chain of AND, or of OR, which may be tens of thousands. */
function operandsOf(condition: Expression, kind: 'and' | 'or'): readonly Expression[] {
  const operands: Expression[] = [];
  const open = [condition];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    const inner = unwrap(node);
    const chained = kind === 'and' ? 'and' in inner && inner.and : 'or' in inner && inner.or;
    if (chained) open.push(chained.right, chained.left);
    else operands.push(inner);
  }
  return operands;
}

/** Whether a comparison, or a call of anything that is not one, leaves few rows. */
function keepsRowsOut(node: Expression, isNegated: boolean): boolean {
  const [[kind, body] = ['', null]]: [string, unknown][] = Object.entries(node);
  const isReversed = isParts(body) && body['not'] === true;
  if (EXCLUDING.has(kind)) return isNegated;
  if (matchesAnyText(node)) return false;
  return !SELECTING.has(kind) || isReversed === isNegated;
}

/** The columns in a comparison or a call, without those on both of its sides. */
function comparedColumns<T>(node: Expression, columns: Columns<T>): readonly T[] {
  const [body] = Object.values(withoutCallNames(node)).filter(isParts);
  if (body === undefined || 'column' in node) return valueColumns(node, columns);
  const { left, this: subject = left, ...others } = body;
  const one = valueColumns(subject, columns);
  const other = valueColumns(others, columns);
  const both = new Set([...columns.common([one, other]), ...columns.common([other, one])]);
  const found = [...one, ...other].filter((column) => !both.has(column));
  return columns.compared === undefined ? found : columns.compared(found, columnsIn(node));
}

/** The columns in an expression, outside queries and conditions in it. */
function valueColumns<T>(part: unknown, columns: Columns<T>): readonly T[] {
  if (Array.isArray(part)) return part.flatMap((item) => valueColumns(item, columns));
  if (!isParts(part) || isQuery(part as Expression) || Object.keys(part).some(isCondition(part))) return [];
  const { column } = part;
  if (isParts(column)) return columns.of(column as unknown as ColumnBody);
  return innerParts(withoutCallNames(part)).flatMap((inner) => valueColumns(inner, columns));
}

/** A name in the tree that is a node, and not one of a node's parts. */
function isCondition(part: Parts): (kind: string) => boolean {
  return (kind) => CONDITIONS.has(kind) && isParts(part[kind]);
}
