import { subjectKinds } from '../../vocabulary/budget.ts';
import { type BudgetEntry, selectors, WINDOW_EXPECTED } from '../document/budget-schema.ts';
import { type PolicyError, policyError } from '../document/errors.ts';
import { duplicateErrors } from '../document/names.ts';
import type { RuleEntry } from '../document/schema.ts';
import type { Located } from '../document/sections.ts';

/** Parts of a budget that contradict each other, although each is well-formed. */
export function budgetErrors(
  budget: Located<BudgetEntry>,
  rules: readonly Located<RuleEntry>[],
): readonly PolicyError[] {
  return [
    ...subjectErrors(budget),
    ...(budget.value.limit.measure === 'at once' ? atOnceErrors(budget) : windowErrors(budget)),
    ...thresholdErrors(budget),
    ...uselessRules(budget, rules),
  ];
}

function subjectErrors({ value, at }: Located<BudgetEntry>): readonly PolicyError[] {
  const narrowed = selectors.filter((kind) => value[kind] !== undefined);
  if (value.organisation === undefined && narrowed.length === 0 && value.per === undefined) {
    const kinds = `${subjectKinds.join(', ')} and tool`;
    return [
      policyError(
        at(),
        `budget ${value.name} does not say whom it is for`,
        `expected "organisation: true", one or more of ${kinds}, or "per"`,
      ),
    ];
  }
  if (value.organisation === undefined || narrowed.length === 0) return [];
  const problem = `budget ${value.name} is for the whole organisation and for one ${narrowed[0]}`;
  return [policyError(at(['organisation']), problem, 'expected either')];
}

function atOnceErrors({ value, at }: Located<BudgetEntry>): readonly PolicyError[] {
  const error = (path: string, problem: string, expected: string) =>
    policyError(at([path]), `budget ${value.name} ${problem}`, expected);
  return [
    ...(value.window === undefined
      ? []
      : [error('window', 'counts queries at once, which have no window', 'expected no "window"')]),
    ...(value.warn_at === undefined
      ? []
      : [error('warn_at', 'counts queries at once, of which nothing is used up', 'expected no "warn_at"')]),
    ...(value.queue !== undefined && value.when_exceeded === 'warn'
      ? [error('queue', 'lets every query pass, so that none waits', 'expected no "queue"')]
      : []),
  ];
}

function windowErrors({ value, at }: Located<BudgetEntry>): readonly PolicyError[] {
  const missing =
    value.window === undefined
      ? [policyError(at(), '"window" is missing', `expected ${WINDOW_EXPECTED}`)]
      : [];
  if (value.queue === undefined) return missing;
  const problem = `budget ${value.name} has a queue, and a limit that no waiting helps against`;
  return [
    ...missing,
    policyError(at(['queue']), problem, 'expected no "queue", or a limit such as 4 at once'),
  ];
}

function thresholdErrors({ value, at }: Located<BudgetEntry>): readonly PolicyError[] {
  const thresholds = (value.warn_at ?? []).map((percent, index) => ({
    name: `${percent}%`,
    source: at(['warn_at', index]),
  }));
  return duplicateErrors(thresholds, (percent) => `the threshold ${percent}`);
}

/**
 * A budget that refuses only queries caught by certain rules never refuses if those rules catch none of its queries.
 */
function uselessRules(
  { value: { when_exceeded, team }, at }: Located<BudgetEntry>,
  rules: readonly Located<RuleEntry>[],
): readonly PolicyError[] {
  if (typeof when_exceeded !== 'object') return [];
  return when_exceeded.only.flatMap((name, index) => {
    const rule = rules.find(({ value }) => value.name === name)?.value;
    const error = (problem: string, expected: string) => [
      policyError(at(['when_exceeded', 'only', index]), `rule ${name} ${problem}`, expected),
    ];
    if (rule === undefined) return [];
    if (rule.mode === undefined) return error('only caps queries', 'expected a rule with a "mode"');
    if (team === undefined || rule.teams === undefined || rule.teams.includes(team)) return [];
    return error(`is not for team ${team}`, 'expected a rule for it, or for all teams');
  });
}
