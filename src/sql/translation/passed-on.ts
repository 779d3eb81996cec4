import { type Expression, isParts, type Parts, partsIn } from '../syntax/syntax-parts.ts';

/** What marks a star in a tree; no parser puts it there. */
const MARK = 'passed_on';

/** Trees in which the stars that exclude a name are marked as such whose columns are narrowed later. */
export function markPassedOn(statements: readonly Expression[], name: string): readonly Expression[] {
  return statements.map((statement) => marked(statement, name) as Expression);
}

/** Whether a star only passes columns on to operators that name those that are read. */
export function isPassedOn(star: object): boolean {
  return isParts(star) && star[MARK] === true;
}

function marked(part: unknown, name: string): unknown {
  if (Array.isArray(part)) return part.map((item) => marked(item, name));
  if (!isParts(part)) return part;
  const entries = Object.entries(part).map(([key, inner]) => [
    key,
    key === 'star' && isParts(inner) ? markedStar(inner, name) : marked(inner, name),
  ]);
  return Object.fromEntries(entries);
}

function markedStar(star: Parts, name: string): unknown {
  const excluded = partsIn(star['except']);
  const others = excluded.filter((column) => column['name'] !== name);
  const rest = marked(star, name) as Parts;
  if (others.length === excluded.length) return rest;
  return { ...rest, except: others.length === 0 ? null : others, [MARK]: true };
}
