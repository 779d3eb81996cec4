import { amountOfLimit, unitOf } from '../../vocabulary/budget.ts';
import { type BudgetEntry, selectors } from '../document/budget-schema.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import type { Located, Sections } from '../document/sections.ts';
import { createTeams, UNASSIGNED } from '../teams.ts';

type LocatedBudget = Located<BudgetEntry>;

/** Budgets that cover nobody, and those that never refuse because another one for the same queries refuses first. */
export function budgetWarnings(sections: Sections): readonly PolicyError[] {
  const { budgets } = sections;
  return budgets.flatMap((budget) => [
    ...coversNobody(budget, sections),
    ...budgets.flatMap((other) => (isNeverReached(budget, other) ? [supersededBudget(budget, other)] : [])),
  ]);
}

function coversNobody({ value, at }: LocatedBudget, { teams }: Sections): readonly PolicyError[] {
  const { name, team, principal } = value;
  if (team === undefined) return [];
  const members = teams.find(({ value: each }) => each.name === team)?.value.principals ?? [];
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
  const actualTeam = createTeams(teams.map(({ value: each }) => each))(principal).name;
  if (actualTeam === team) return [];
  const problem = `budget ${name} covers nobody: ${principal} is in team ${actualTeam}, not in ${team}`;
  return [policyError(at(['principal']), problem, `expected a principal of ${team}, or no "team"`)];
}

/** Whether the other budget, which is for the same queries, has refused every query that this one would refuse. */
function isNeverReached({ value: budget }: LocatedBudget, { value: other }: LocatedBudget): boolean {
  return (
    budget.name !== other.name &&
    (budget.when_exceeded ?? 'deny') === 'deny' &&
    (other.when_exceeded ?? 'deny') === 'deny' &&
    [...selectors, 'per' as const, 'window' as const].every((key) => budget[key] === other[key]) &&
    (budget.time_zone ?? 'UTC') === (other.time_zone ?? 'UTC') &&
    unitOf(budget.limit) === unitOf(other.limit) &&
    amountOfLimit(budget.limit) > amountOfLimit(other.limit)
  );
}

function supersededBudget({ value, at }: LocatedBudget, { value: other }: LocatedBudget): PolicyError {
  const problem = `budget ${value.name} never refuses: ${other.name} is for the same queries and window, and smaller`;
  return policyError(at(['limit']), problem, 'expected one of the two');
}
