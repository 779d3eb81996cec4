import { fits, nameOfBoth } from '../document/glob.ts';
import type { TeamEntry } from '../document/schema.ts';
import { createTeams } from '../teams.ts';

/** A principal that is in another team than before. */
export interface Move {
  readonly principal: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Who is in another team. Patterns are told by somebody who fits them: an order of patterns that changes is seen by who
 * moves, and where two of them share some names only, by one of these.
 */
export function movesBetween(before: readonly TeamEntry[], after: readonly TeamEntry[]): readonly Move[] {
  const [teamBefore, teamAfter] = [createTeams(before), createTeams(after)];
  const principals = [before, after].flatMap((teams) =>
    teams.flatMap((team) => team.principals.map((principal) => principal.toLowerCase())),
  );
  const named = new Set(principals);
  const shared = sharedNames([...named].filter((principal) => principal.includes('*')));
  return [...new Set([...named, ...shared])].toSorted().flatMap((principal) => {
    const somebody = principal.replaceAll('*', 'someone');
    const [old, now] = [teamBefore(somebody).name, teamAfter(somebody).name];
    return old === now ? [] : [{ principal, before: old, after: now }];
  });
}

/** A name of each two patterns of which neither holds all of the other. */
function sharedNames(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((one, index) =>
    patterns.slice(index + 1).flatMap((other) => {
      if (fits(one, other) || fits(other, one)) return [];
      return nameOfBoth(one, other) ?? [];
    }),
  );
}
