import { amountOfLimit, unitOf } from '../../vocabulary/budget.ts';
import { type BudgetEntry, selectors } from '../document/budget-schema.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { TeamEntry } from '../document/schema.ts';
import type { Located, Sections } from '../document/sections.ts';
import { createTeams, UNASSIGNED } from '../teams/teams.ts';

type LocatedBudget = Located<BudgetEntry>;

/** Budgets that cover nobody, and those that never refuse because another one for the same queries refuses first. */
export function budgetWarnings({ budgets, teams }: Sections): readonly PolicyError[] {
  const entries = teams.map(({ value }) => value);
  const membership: Membership = {
    teamOf: createTeams(entries),
    byName: new Map(entries.map((team) => [team.name, team])),
  };
  const forSameQueries = Map.groupBy(budgets, sameQueriesKey);
  return budgets.flatMap((budget) => [
    ...coversNobody(budget, membership),
    ...(forSameQueries.get(sameQueriesKey(budget)) ?? []).flatMap((other) =>
      isNeverReached(budget, other) ? [supersededBudget(budget, other)] : [],
    ),
  ]);
}

interface Membership {
  readonly teamOf: ReturnType<typeof createTeams>;
  readonly byName: ReadonlyMap<string, TeamEntry>;
}

function coversNobody({ value, at }: LocatedBudget, { teamOf, byName }: Membership): readonly PolicyError[] {
  const { name, team, principal } = value;
  if (team === undefined) return [];
  const members = byName.get(team)?.principals ?? [];
  if (team !== UNASSIGNED && members.length === 0) {
    return [
      policyError(
        at(['team']),
        `budget ${name} covers nobody: nobody is in team ${team}`,
        'expected a team with principals',
      ),
    ];
  }
  if (principal === undefined || principal.includes('*')) return [];
  const actualTeam = teamOf(principal).name;
  if (actualTeam === team) return [];
  const problem = `budget ${name} covers nobody: ${principal} is in team ${actualTeam}, not in ${team}`;
  return [policyError(at(['principal']), problem, `expected a principal of ${team}, or no "team"`)];
}

/** The same for budgets that refuse the same queries, counted in the same windows and unit. */
function sameQueriesKey({ value: budget }: LocatedBudget): string {
  const { time_zone, when_exceeded, limit } = budget;
  const covered = [...selectors, 'per' as const, 'window' as const].map((key) => budget[key] ?? null);
  return JSON.stringify([covered, time_zone ?? 'UTC', unitOf(limit), when_exceeded ?? 'deny']);
}

/** Whether the other budget, which is for the same queries, has refused every query that this one would refuse. */
function isNeverReached({ value: budget }: LocatedBudget, { value: other }: LocatedBudget): boolean {
  return (
    budget.name !== other.name &&
    (budget.when_exceeded ?? 'deny') === 'deny' &&
    amountOfLimit(budget.limit) > amountOfLimit(other.limit)
  );
}

function supersededBudget({ value, at }: LocatedBudget, { value: other }: LocatedBudget): PolicyError {
  const problem = `budget ${value.name} never refuses: ${other.name} is for the same queries and window, and smaller`;
  return policyError(at(['limit']), problem, 'expected one of the two');
}
