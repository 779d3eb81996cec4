import type { Span } from '../../../vocabulary/antipattern.ts';
import type { Expression } from '../../syntax-tree.ts';
import { clausesOf, type Sight } from '../detector.ts';
import type { Select } from '../queries/queries.ts';
import { bare } from '../queries/tree.ts';

/** Where a star of a select list stands, with the name before it. */
export function starSpan(sight: Sight, select: Select, projection: Expression): Span | null {
  const { text } = sight;
  const node = bare(projection);
  if (!('star' in node)) return null;
  const qualifier = node.star.table ? text.tokenAt(node.star.table) : null;
  if (qualifier !== null) {
    const star = text.tokens.findIndex((token, index) => index > qualifier && token.text === '*');
    return star === -1 ? null : text.span(qualifier, star);
  }
  const clauses = clausesOf(sight, select);
  if (clauses === null) return null;
  const bareStars = select.body.expressions.filter(isBareStar);
  const star = starTokens(sight, clauses.SELECT, clauses.FROM ?? clauses.end)[bareStars.indexOf(projection)];
  return star === undefined ? null : text.span(star, star);
}

function isBareStar(projection: Expression): boolean {
  const node = bare(projection);
  return 'star' in node && node.star.table === null;
}

/** Stars that begin a projection: behind SELECT and the words that may follow it, or behind a comma. */
function starTokens({ text }: Sight, select: number, end: number): readonly number[] {
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
