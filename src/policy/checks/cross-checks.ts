import type { PolicyError } from '../document/errors.ts';
import { duplicateError, duplicateErrors, undefinedNames } from '../document/names.ts';
import type { Located, Sections } from '../document/sections.ts';
import { exemptionErrors } from '../rules/exemptions.ts';
import { UNASSIGNED } from '../teams/teams.ts';
import { webhookErrors } from '../webhooks.ts';
import { budgetErrors } from './budget-checks.ts';
import { pricingErrors } from './pricing-checks.ts';

/** What no entry can show by its own shape: duplicate names, undefined names, parts that contradict each other. */
export function crossCheck(sections: Sections): readonly PolicyError[] {
  const { teams, budgets, rules, exemptions, tables, webhooks, timeZones, inexactReserves, records } =
    sections;
  return [
    ...duplicates('team', teams, 'name'),
    ...duplicates('budget', budgets, 'name'),
    ...duplicates('rule', rules, 'name'),
    ...duplicates('table', tables, 'table'),
    ...duplicates('webhook', webhooks, 'name'),
    ...duplicatePrincipals(sections),
    ...(sections.areNamesComplete ? unknownNames(sections) : []),
    ...budgets.flatMap((budget) => budgetErrors(budget, rules)),
    ...exemptions.flatMap((exemption) => exemptionErrors(exemption, rules)),
    ...webhooks.flatMap(webhookErrors),
    ...pricingErrors(sections),
    ...duplicateSections('time_zone', timeZones),
    ...duplicateSections('inexact_reserve', inexactReserves),
    ...duplicateSections('the records section', records),
  ];
}

function duplicates<K extends string>(
  kind: string,
  entries: readonly Located<Readonly<Record<K, string>>>[],
  key: K,
): readonly PolicyError[] {
  return duplicateErrors(
    entries.map((entry) => ({ name: entry.value[key], source: entry.at([key]) })),
    (name) => `${kind} ${name}`,
  );
}

function duplicatePrincipals({ teams }: Sections): readonly PolicyError[] {
  const principals = teams.flatMap(({ value, at }) =>
    value.principals.map((principal, index) => ({
      name: principal.toLowerCase(),
      source: at(['principals', index]),
    })),
  );
  return duplicateErrors(principals, (name) => `principal ${name}`);
}

function unknownNames({ budgets, rules, exemptions, webhooks, names }: Sections): readonly PolicyError[] {
  const teams = new Set([...names.teams, UNASSIGNED]);
  const budgetTeams = budgets.flatMap(({ value: { team }, at }) =>
    team === undefined ? [] : [{ name: team, source: at(['team']) }],
  );
  const ruleTeams = rules.flatMap((rule) => [
    ...namesAt(rule, rule.value.teams, ['teams']),
    ...Object.keys(rule.value.modes ?? {}).map((name) => ({ name, source: rule.at(['modes', name]) })),
  ]);
  const exemptTeams = exemptions.flatMap(({ value: { team }, at }) =>
    team === undefined ? [] : [{ name: team, source: at(['team']) }],
  );
  const exemptRules = exemptions.map(({ value: { rule }, at }) => ({ name: rule, source: at(['rule']) }));
  const onlyRules = budgets.flatMap((budget) => {
    const { when_exceeded } = budget.value;
    return typeof when_exceeded === 'object'
      ? namesAt(budget, when_exceeded.only, ['when_exceeded', 'only'])
      : [];
  });
  const webhookBudgets = webhooks.flatMap((webhook) => namesAt(webhook, webhook.value.budgets, ['budgets']));
  return [
    ...undefinedNames('team', [...budgetTeams, ...ruleTeams, ...exemptTeams], teams),
    ...undefinedNames('rule', [...onlyRules, ...exemptRules], names.rules),
    ...undefinedNames('budget', webhookBudgets, names.budgets),
  ];
}

function namesAt({ at }: Located<unknown>, names: readonly string[] | undefined, path: readonly string[]) {
  return (names ?? []).map((name, index) => ({ name, source: at([...path, index]) }));
}

function duplicateSections(
  what: string,
  [first, ...others]: readonly Located<unknown>[],
): readonly PolicyError[] {
  return others.map((other) => duplicateError(other.at(), what, first?.at()));
}
