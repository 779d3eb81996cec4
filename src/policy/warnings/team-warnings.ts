import { matchesGlob } from '../../foundation/text/glob.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { TeamEntry } from '../document/schema.ts';
import type { Located, Sections } from '../document/sections.ts';
import { UNASSIGNED } from '../teams/teams.ts';

/**
 * Teams that nobody is in or that nothing refers to, and patterns of principals that an earlier one covers completely.
 */
export function teamWarnings(sections: Sections): readonly PolicyError[] {
  const named = namedTeams(sections);
  return [...sections.teams.flatMap((team) => idleTeam(team, named)), ...shadowedPatterns(sections)];
}

/** The teams that a budget or a rule names; 'all' if a budget gives each team an account. */
function namedTeams({ budgets, rules }: Sections): ReadonlySet<string> | 'all' {
  if (budgets.some(({ value }) => value.per === 'team')) return 'all';
  return new Set([
    ...budgets.flatMap(({ value }) => value.team ?? []),
    ...rules.flatMap(({ value }) => value.teams ?? []),
  ]);
}

function idleTeam(
  { value, at }: Located<TeamEntry>,
  named: ReadonlySet<string> | 'all',
): readonly PolicyError[] {
  const { name, principals } = value;
  if (name !== UNASSIGNED && principals.length === 0) {
    return [policyError(at(), `nobody is in team ${name}`, 'expected at least one of "principals"')];
  }
  // Something that covers everybody was not written for this team.
  if (named === 'all' || named.has(name) || name === UNASSIGNED) return [];
  const problem = `no budget and no rule names team ${name}, so that only what holds for everybody holds for it`;
  return [policyError(at(), problem, 'expected a budget at the least')];
}

function shadowedPatterns({ teams }: Sections): readonly PolicyError[] {
  const patterns = teams.flatMap(({ value, at }) =>
    value.principals.flatMap((principal, index) =>
      principal.includes('*')
        ? [{ pattern: principal.toLowerCase(), team: value.name, source: at(['principals', index]) }]
        : [],
    ),
  );
  return patterns.flatMap(({ pattern, team, source }, index) => {
    // A star in the narrower pattern can only be matched by a star in the wider one, so there are no false warnings.
    const wider = patterns.slice(0, index).find((before) => matchesGlob(pattern, before.pattern));
    if (wider === undefined || wider.team === team) return [];
    const problem = `nobody comes into team ${team} by ${pattern}: ${wider.pattern} of team ${wider.team} stands before it`;
    return [policyError(source, problem, 'expected the narrower pattern first')];
  });
}
