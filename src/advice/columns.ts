import type { StarSite } from '../vocabulary/rewrite-sites.ts';
import type { Candidate, Subject } from './candidate.ts';
import { writtenName } from './names.ts';

/** Types of a few bytes each. What is left are texts, lists and records, which are the bulk of a table. */
const SMALL_TYPES = new Set([
  ...['INT64', 'FLOAT64', 'BOOL', 'NUMERIC', 'BIGNUMERIC'],
  ...['DATE', 'DATETIME', 'TIME', 'TIMESTAMP', 'INTERVAL'],
]);

/**
 * Columns in place of stars whose columns the query itself names further out: the same result, since no other column
 * could come to it.
 */
export function neededColumns(subject: Subject): Candidate | null {
  const stars = subject.sites.stars.filter((star) => star.feedsNamedColumns);
  return inPlaceOf(stars, subject, 'same', (columns, { words }) => {
    const needed = columns.filter(({ name }) => words.includes(name.toLowerCase()));
    return needed.map(({ name }) => name);
  });
}

/** Columns in place of the other stars: those that the query names, and those of small types. Others are left out. */
export function smallColumns(subject: Subject): Candidate | null {
  const stars = subject.sites.stars.filter((star) => !star.feedsNamedColumns);
  return inPlaceOf(stars, subject, 'changed', (columns, { words }) => {
    const kept = columns.filter(
      ({ name, type }) => words.includes(name.toLowerCase()) || SMALL_TYPES.has(type),
    );
    return kept.length === 0 || kept.length === columns.length ? null : kept.map(({ name }) => name);
  });
}

type Choice = (
  columns: readonly { readonly name: string; readonly type: string }[],
  sites: Subject['sites'],
) => readonly string[] | null;

function inPlaceOf(
  stars: readonly StarSite[],
  { sites, definitionOf }: Subject,
  result: Candidate['result'],
  choose: Choice,
): Candidate | null {
  const chosen = stars.flatMap((star) => {
    const columns = definitionOf(star.table)?.columns ?? [];
    const names = columns.length === 0 ? null : choose(columns, sites);
    return names === null ? [] : [{ star, names: names.map(writtenName) }];
  });
  if (chosen.length === 0) return null;
  return {
    changes: [
      { kind: 'columns', shows: [...new Set(chosen.flatMap(({ names }) => names))].join(', ') || '1' },
    ],
    edits: chosen.map(({ star, names }) => ({ ...star.span, text: listed(star, names) })),
    result,
  };
}

/** Where no column is needed at all, as under a COUNT(*), the rows still are. */
function listed({ qualifier }: StarSite, names: readonly string[]): string {
  return names.length === 0 ? '1' : names.map((name) => `${qualifier}${name}`).join(', ');
}
