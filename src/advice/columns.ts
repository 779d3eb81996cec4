import type { StarSite } from '../vocabulary/rewrite-sites.ts';
import type { Candidate, Subject } from './candidate.ts';
import { quoteName } from './quote-name.ts';

/** Types of a few bytes each. The others are texts, lists and records, which are the bulk of a table. */
const SMALL_TYPES = new Set([
  ...['INT64', 'FLOAT64', 'BOOL', 'NUMERIC', 'BIGNUMERIC'],
  ...['DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'INTERVAL'],
]);

/**
 * Replaces stars by columns, where the query itself names the columns further out: the result is the same, since no
 * other column could reach it.
 */
export function neededColumns(subject: Subject): Candidate | null {
  const stars = subject.sites.stars.filter((star) => star.feedsNamedColumns);
  return replaceStars(stars, subject, 'same', (columns, { words }) => {
    const needed = columns.filter(({ name }) => words.includes(name.toLowerCase()));
    return needed.map(({ name }) => name);
  });
}

/** Replaces the other stars by columns: those that the query names, and those of small types. The rest is left out. */
export function smallColumns(subject: Subject): Candidate | null {
  const stars = subject.sites.stars.filter((star) => !star.feedsNamedColumns);
  return replaceStars(stars, subject, 'changed', (columns, { words }) => {
    const remaining = columns.filter(
      ({ name, type }) => words.includes(name.toLowerCase()) || SMALL_TYPES.has(type),
    );
    return remaining.length === 0 || remaining.length === columns.length
      ? null
      : remaining.map(({ name }) => name);
  });
}

type ChooseColumns = (
  columns: readonly { readonly name: string; readonly type: string }[],
  sites: Subject['sites'],
) => readonly string[] | null;

function replaceStars(
  stars: readonly StarSite[],
  { sites, definitionOf }: Subject,
  result: Candidate['result'],
  choose: ChooseColumns,
): Candidate | null {
  const replacements = stars.flatMap((star) => {
    const columns = definitionOf(star.table)?.columns ?? [];
    const names = columns.length === 0 ? null : choose(columns, sites);
    return names === null ? [] : [{ star, names: names.map(quoteName) }];
  });
  if (replacements.length === 0) return null;
  return {
    changes: [
      { kind: 'columns', shows: [...new Set(replacements.flatMap(({ names }) => names))].join(', ') || '1' },
    ],
    edits: replacements.map(({ star, names }) => ({ ...star.span, text: columnList(star, names) })),
    result,
  };
}

/** Even if no column is needed, as under a COUNT(*), the rows are. */
function columnList({ qualifier }: StarSite, names: readonly string[]): string {
  return names.length === 0 ? '1' : names.map((name) => `${qualifier}${name}`).join(', ');
}
