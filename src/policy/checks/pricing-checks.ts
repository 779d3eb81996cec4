import { type PolicyError, policyError } from '../document/errors.ts';
import { duplicateError, duplicateErrors, type LocatedName } from '../document/names.ts';
import type { Sections } from '../document/sections.ts';

type PricingSection = Sections['pricings'][number];

/** Pricing that is missing or duplicated, duplicate prices and rates, and currencies in which nothing can be paid. */
export function pricingErrors(sections: Sections): readonly PolicyError[] {
  const { pricings, isPricingComplete } = sections;
  const [pricing, ...others] = pricings;
  if (pricing === undefined) return isPricingComplete ? [noPricing(sections)] : [];
  return [
    ...others.map((other) => duplicateError(other.at(), 'the pricing section', pricing.at())),
    ...duplicateErrors(
      locationsIn(pricing, ['on_demand_per_tib']),
      (location) => `the price for ${location}`,
    ),
    ...duplicateErrors(
      locationsIn(pricing, ['editions', 'per_slot_hour']),
      (location) => `the price of a slot-hour for ${location}`,
    ),
    ...duplicateProjects(pricing),
    ...duplicateRates(pricing),
    ...missingRates(sections, pricing),
  ];
}

/** BigQuery's locations are case-insensitive. */
function locationsIn(
  { value, at }: PricingSection,
  path: readonly ['on_demand_per_tib'] | readonly ['editions', 'per_slot_hour'],
): readonly LocatedName[] {
  const prices = path.length === 1 ? value.on_demand_per_tib : (value.editions?.per_slot_hour ?? {});
  return Object.keys(prices).map((location) => ({
    name: location.toLowerCase(),
    source: at([...path, location]),
  }));
}

function duplicateProjects({ value, at }: PricingSection): readonly PolicyError[] {
  const projects = (value.editions?.projects ?? []).map((name, index) => ({
    name,
    source: at(['editions', 'projects', index]),
  }));
  return duplicateErrors(projects, (project) => `project ${project}`);
}

function duplicateRates({ value, at }: PricingSection): readonly PolicyError[] {
  const rates = (value.exchange_rates ?? []).map(({ to, as_of }, index) => ({
    name: `${to} as of ${as_of}`,
    source: at(['exchange_rates', index]),
  }));
  return duplicateErrors(rates, (rate) => `the exchange rate to ${rate}`);
}

function missingRates({ budgets }: Sections, pricing: PricingSection): readonly PolicyError[] {
  const { currency, exchange_rates = [] } = pricing.value;
  const payable = new Set([currency, ...exchange_rates.map(({ to }) => to)]);
  return budgets.flatMap(({ value, at }) => {
    const { limit } = value;
    if (limit.measure !== 'money' || payable.has(limit.money.currency)) return [];
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
