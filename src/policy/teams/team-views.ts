import { LRUCache } from 'lru-cache';
import type { Budget } from '../../vocabulary/budget.ts';
import type { FactUses } from '../facts/fact-uses.ts';
import { rulesOf, usesOf } from '../rules/rule-uses.ts';
import type { Rule } from '../rules/rules.ts';

/** The parts of a policy that can concern one team's queries, in the order of files. */
export interface TeamView {
  readonly rules: readonly Rule[];
  /** What these rules read. */
  readonly uses: FactUses;
  /** Its own budgets, and those without a team, which may cover a query by another subject. */
  readonly budgets: readonly Budget[];
}

/** Far more teams than a company has; past queries may be judged under names that are in no file any more. */
const MAX_TEAMS = 2_000;

/** Computed once per team: a company has thousands of rules and budgets, and a team's query meets few of them. */
export function createTeamViews(
  rules: readonly Rule[],
  budgets: readonly Budget[],
): (team: string) => TeamView {
  const views = new LRUCache<string, TeamView>({ max: MAX_TEAMS });
  return (team) => {
    const cached = views.get(team);
    if (cached !== undefined) return cached;
    const teamRules = rulesOf({ name: team }, rules);
    const teamBudgets = budgets.filter(({ subject }) => subject.team === undefined || subject.team === team);
    const view = { rules: teamRules, uses: usesOf(teamRules), budgets: teamBudgets };
    views.set(team, view);
    return view;
  };
}
