import { matchesGlob } from '../../foundation/text/glob.ts';
import type { Team } from '../../vocabulary/policy.ts';
import type { TeamEntry } from '../document/schema.ts';

/** The team of a principal that no team names. Files may define it too, to give it a title or a language. */
export const UNASSIGNED = 'unassigned';

/** Finds a principal's team: an exact name beats patterns, and the first pattern in the order of files wins. */
export function createTeams(entries: readonly TeamEntry[]): (principal: string | null) => Team {
  const exact = new Map<string, Team>();
  const patterns: { readonly pattern: string; readonly team: Team }[] = [];
  for (const entry of entries) {
    const team = teamFrom(entry);
    for (const principal of entry.principals.map((each) => each.toLowerCase())) {
      if (principal.includes('*')) patterns.push({ pattern: principal, team });
      else exact.set(principal, team);
    }
  }
  const defined = entries.find(({ name }) => name === UNASSIGNED);
  const unassigned = teamFrom(defined ?? { name: UNASSIGNED, principals: [] });
  return (principal) => {
    if (principal === null) return unassigned;
    const wanted = principal.toLowerCase();
    return (
      exact.get(wanted) ?? patterns.find(({ pattern }) => matchesGlob(wanted, pattern))?.team ?? unassigned
    );
  };
}

/** A principal that gets into a team: one that it names, or a made-up one that matches its pattern. */
export function memberOf(
  team: string,
  entries: readonly TeamEntry[],
  teamOf: (principal: string | null) => Team,
): string | null {
  const named = entries.find(({ name }) => name === team)?.principals ?? [];
  const exactFirst = named.toSorted((a, b) => Number(a.includes('*')) - Number(b.includes('*')));
  const candidates = [...exactFirst, ...(team === UNASSIGNED ? ['someone@unassigned.example'] : [])];
  return (
    candidates
      .map((principal) => principal.replaceAll('*', 'someone'))
      .find((principal) => teamOf(principal).name === team) ?? null
  );
}

/** The team with this name, including the unassigned one; null if there is none. */
export function teamNamed(name: string, entries: readonly TeamEntry[]): Team | null {
  const entry = entries.find((each) => each.name === name);
  if (entry !== undefined) return teamFrom(entry);
  return name === UNASSIGNED ? teamFrom({ name, principals: [] }) : null;
}

function teamFrom({ name, title, language, contact }: TeamEntry): Team {
  return { name, title: title ?? name, language: language ?? 'en', contact: contact ?? null };
}
