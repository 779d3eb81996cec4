import type { Budget } from '../../vocabulary/budget.ts';
import type { Doubt, RuleMode } from '../../vocabulary/policy.ts';
import type { Facts, Question } from '../facts/facts.ts';
import { type UnknownFacts, watchFacts } from '../facts/unknown-facts.ts';
import { exemptionFor } from './exemptions.ts';
import { milderMode, modeAt } from './rule-life.ts';
import type { Rule } from './rules.ts';

/**
 * The rules whose verdict may be another once everything is known. A condition that gets to its result without any of the
 * unknown facts, such as one about another table, is none of them.
 * @param team the rules and budgets of the query's team
 */
export function doubtsOf(
  team: { readonly rules: readonly Rule[]; readonly budgets: readonly Budget[] },
  question: Pick<Question, 'team' | 'atMs' | 'rulesAtMs'>,
  facts: Facts,
  unknown: UnknownFacts,
): readonly Doubt[] {
  return team.rules
    .filter((rule) => turnsOnUnknown(rule, question.rulesAtMs ?? question.atMs, facts, unknown))
    .map((rule) => ({ rule: rule.name, atMost: mostOf(rule, team.budgets, question, facts) }));
}

function turnsOnUnknown(rule: Rule, atMs: number, facts: Facts, unknown: UnknownFacts): boolean {
  const { definitions, history, budgets } = rule.condition.uses;
  if (definitions.size === 0 && !history && budgets.length === 0) return false;
  let hasRead = false;
  const watched = watchFacts(facts, unknown, () => {
    hasRead = true;
  });
  try {
    // With an exempt table, the condition is asked about the other tables too.
    if (rule.condition(watched)) exemptionFor(rule, watched, atMs);
  } catch {
    // A condition may fail because of what it read.
  }
  return hasRead;
}

function mostOf(
  rule: Rule,
  budgets: readonly Budget[],
  { team, atMs, rulesAtMs = atMs }: Pick<Question, 'team' | 'atMs' | 'rulesAtMs'>,
  facts: Facts,
): RuleMode {
  if (budgets.some((budget) => refusesBy(rule, budget))) return 'deny';
  const { fingerprint } = facts.query;
  const { mode, atMost } = modeAt(rule, { team: team.name, fingerprint, atMs: rulesAtMs });
  const mayDeny = rule.maximumBytesBilled !== null || rule.onError === 'deny';
  const most = milderMode(mayDeny ? 'deny' : (mode ?? 'audit'), atMost);
  // Whether a table is exempt may turn on the same facts.
  const exemptions = rule.exemptions.filter(({ subject }) => subject.table === undefined);
  return exemptionFor({ ...rule, exemptions }, facts, rulesAtMs) === null ? most : 'audit';
}

function refusesBy({ name }: Rule, { whenExceeded }: Budget): boolean {
  return typeof whenExceeded !== 'string' && whenExceeded.only.includes(name);
}
