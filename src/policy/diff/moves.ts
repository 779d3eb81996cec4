import { commonMatch, matchesGlob } from '../../foundation/text/glob.ts';
import type { TeamEntry } from '../document/schema.ts';
import { createTeams } from '../teams/teams.ts';

/** A principal whose team has changed. */
export interface Move {
  readonly principal: string;
  readonly before: string;
  readonly after: string;
}

/**
 * Who changes teams. Patterns are represented by a sample principal that matches them. A changed order of patterns
 * shows in who moves; if two patterns overlap, a sample of the overlap is used.
 */
export function movesBetween(before: readonly TeamEntry[], after: readonly TeamEntry[]): readonly Move[] {
  const [teamBefore, teamAfter] = [createTeams(before), createTeams(after)];
  const principals = [before, after].flatMap((teams) =>
    teams.flatMap((team) => team.principals.map((principal) => principal.toLowerCase())),
  );
  const named = new Set(principals);
  const shared = overlapSamples([...named].filter((principal) => principal.includes('*')));
  return [...new Set([...named, ...shared])].toSorted().flatMap((principal) => {
    const sample = principal.replaceAll('*', 'someone');
    const [old, now] = [teamBefore(sample).name, teamAfter(sample).name];
    return old === now ? [] : [{ principal, before: old, after: now }];
  });
}

/** A name that matches both, for each two patterns of which neither includes the other. */
function overlapSamples(patterns: readonly string[]): readonly string[] {
  return patterns.flatMap((first, index) =>
    patterns.slice(index + 1).flatMap((second) => {
      if (matchesGlob(first, second) || matchesGlob(second, first)) return [];
      return commonMatch(first, second) ?? [];
    }),
  );
}
