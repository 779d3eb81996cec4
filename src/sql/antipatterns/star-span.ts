import type { TextSpan } from '../../vocabulary/antipatterns/antipattern.ts';
import type { Expression } from '../syntax/syntax-parts.ts';
import { clausesOf, type DetectorContext } from './detector.ts';
import type { Select } from './queries/queries.ts';
import { unwrap } from './queries/tree.ts';

/** Cached for the life of the tree: a select list may hold many stars. */
const bareStars = new WeakMap<Select, ReadonlyMap<Expression, TextSpan>>();

/** The place of a star in a select list, including the name before it. */
export function starSpan(context: DetectorContext, select: Select, projection: Expression): TextSpan | null {
  const { text } = context;
  const node = unwrap(projection);
  const qualifier = 'star' in node && node.star.table ? text.tokenAt(node.star.table) : null;
  if (qualifier === null) return bareStarsOf(context, select).get(projection) ?? null;
  let star = qualifier;
  while (star < text.tokens.length && text.tokens[star]?.text !== '*') star += 1;
  return text.span(qualifier, star);
}

function bareStarsOf(context: DetectorContext, select: Select): ReadonlyMap<Expression, TextSpan> {
  const cached = bareStars.get(select);
  if (cached !== undefined) return cached;
  const clauses = clausesOf(context, select);
  const tokens = clauses === null ? [] : starTokens(context, clauses.SELECT, clauses.FROM ?? clauses.end);
  const stars = select.body.expressions.filter(isBareStar);
  const spans = new Map(
    tokens.length === stars.length
      ? stars.map((star, index) => [star, context.text.span(tokens[index] ?? 0, tokens[index] ?? 0)])
      : [],
  );
  bareStars.set(select, spans);
  return spans;
}

function isBareStar(projection: Expression): boolean {
  const node = unwrap(projection);
  return 'star' in node && node.star.table === null;
}

/** Stars that begin a projection: after SELECT and the words that may follow it, or after a comma. */
function starTokens({ text }: DetectorContext, select: number, end: number): readonly number[] {
  const group = text.tokens[select]?.group;
  const stars: number[] = [];
  for (let index = select + 1; index < end; index += 1) {
    const token = text.tokens[index];
    const before = text.tokens[index - 1];
    if (token?.text !== '*' || token.group !== group || before === undefined) continue;
    if (before.text === ',' || (before.word !== null && OPENERS.has(before.word))) stars.push(index);
  }
  return stars;
}

const OPENERS = new Set(['SELECT', 'DISTINCT', 'ALL', 'STRUCT']);
