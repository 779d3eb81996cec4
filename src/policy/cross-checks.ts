import type { SourcePosition } from '../vocabulary/policy.ts';
import { type PolicyError, policyError } from './errors.ts';
import type { Located, Sections } from './sections.ts';
import { didYouMean } from './spelling.ts';
import { UNASSIGNED } from './teams.ts';

/** What no entry can tell by itself: names that stand twice, and names that nothing defines. */
export function crossCheck(sections: Sections): readonly PolicyError[] {
  const { teams, budgets, rules, tables, timeZones, inexactReserves } = sections;
  return [
    ...duplicates('team', teams, 'name'),
    ...duplicates('budget', budgets, 'name'),
    ...duplicates('rule', rules, 'name'),
    ...duplicates('table', tables, 'table'),
    ...duplicatePrincipals(sections),
    ...unknownTeams(sections),
    ...pricingErrors(sections),
    ...timeZones.slice(1).map((zone) => twice(zone.at(), 'time_zone', timeZones[0]?.at())),
    ...inexactReserves
      .slice(1)
      .map((reserve) => twice(reserve.at(), 'inexact_reserve', inexactReserves[0]?.at())),
  ];
}

function duplicates<K extends string>(
  kind: string,
  entries: readonly Located<Readonly<Record<K, string>>>[],
  key: K,
): readonly PolicyError[] {
  return repeated(
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
  return repeated(principals, (name) => `principal ${name}`);
}

function repeated(
  named: readonly { readonly name: string; readonly source: SourcePosition }[],
  label: (name: string) => string,
): readonly PolicyError[] {
  const first = new Map<string, SourcePosition>();
  return named.flatMap(({ name, source }) => {
    const before = first.get(name);
    if (before !== undefined) return [twice(source, label(name), before)];
    first.set(name, source);
    return [];
  });
}

function twice(source: SourcePosition, what: string, before: SourcePosition | undefined): PolicyError {
  const where = before === undefined ? '' : `, the first time at ${before.file}:${before.line}`;
  return policyError(source, `${what} stands twice${where}`, 'expected it once');
}

function unknownTeams({ budgets, rules, teamNames, teamsKnown }: Sections): readonly PolicyError[] {
  if (!teamsKnown) return [];
  const known = new Set([...teamNames, UNASSIGNED]);
  const check = (team: string, source: SourcePosition) =>
    known.has(team)
      ? []
      : [
          policyError(
            source,
            `there is no team ${team}`,
            `expected one of ${[...known].join(', ')}${didYouMean(team, known)}`,
          ),
        ];
  const inBudgets = budgets.flatMap(({ value, at }) => check(value.team, at(['team'])));
  const inRules = rules.flatMap(({ value, at }) =>
    (value.teams ?? []).flatMap((team, index) => check(team, at(['teams', index]))),
  );
  return [...inBudgets, ...inRules];
}

function pricingErrors(sections: Sections): readonly PolicyError[] {
  const { pricings, pricingKnown } = sections;
  const [pricing, ...others] = pricings;
  if (pricing === undefined) return pricingKnown ? [noPricing(sections)] : [];
  const locations = Object.keys(pricing.value.on_demand_per_tib).map((location) => ({
    name: location.toLowerCase(),
    source: pricing.at(['on_demand_per_tib', location]),
  }));
  return [
    ...others.map((other) => twice(other.at(), 'the pricing section', pricing.at())),
    ...repeated(locations, (location) => `the price for ${location}`),
    ...duplicateRates(pricing),
    ...missingRates(sections, pricing),
  ];
}

function duplicateRates({ value, at }: Sections['pricings'][number]): readonly PolicyError[] {
  const rates = (value.exchange_rates ?? []).map(({ to, as_of }, index) => ({
    name: `${to} as of ${as_of}`,
    source: at(['exchange_rates', index]),
  }));
  return repeated(rates, (rate) => `the exchange rate to ${rate}`);
}

function missingRates({ budgets }: Sections, pricing: Sections['pricings'][number]): readonly PolicyError[] {
  const { currency, exchange_rates = [] } = pricing.value;
  const payable = new Set([currency, ...exchange_rates.map(({ to }) => to)]);
  return budgets.flatMap(({ value, at }) => {
    const { limit } = value;
    if (limit.measure === 'bytes' || payable.has(limit.money.currency)) return [];
    const problem = `budget ${value.name} counts ${limit.money.currency}, and the pricing has no rate from ${currency} to it`;
    const expected = `expected one of ${[...payable].join(', ')}, or a rate in "exchange_rates"`;
    return [policyError(at(['limit']), problem, expected)];
  });
}

function noPricing({ firstFile }: Sections): PolicyError {
  return policyError(
    { file: firstFile, line: 1, column: 1 },
    'no file has a "pricing" section',
    'expected one, with "currency" and "on_demand_per_tib"',
  );
}
