import { describe, expect, test } from 'vitest';
import type { Policy } from '../../src/policy/policy.ts';
import { errorsIn, errorsOf, PRICING, policyOf, TEAMS } from './builders.ts';

describe('pricing', () => {
  const priced = (text: string) => policyOf({ 'a.yaml': `pricing:\n  currency: USD\n${text}` }).pricing;

  test('is by location, ignoring case, and exact even for numbers without quotes', () => {
    const { onDemandMicrosPerTib } = priced('  on_demand_per_tib: { default: 6.25, US: 5 }\n');

    expect(onDemandMicrosPerTib).toEqual({
      byLocation: new Map([['us', 5_000_000n]]),
      otherwise: 6_250_000n,
    });
  });

  test('is on demand and without a free tier by default', () => {
    expect(priced('  on_demand_per_tib: { default: 6.25 }\n')).toMatchObject({
      editions: null,
      freeBytesPerMonth: 0n,
    });
  });

  test('has a free tier, and editions that cover certain projects by slot-hour', () => {
    const { freeBytesPerMonth, editions } = priced(`  on_demand_per_tib: { default: 6.25 }
  free_tier: 1 TiB
  editions:
    projects: [lender-dw, "lender-etl-*"]
    per_slot_hour: { default: "0.06", southamerica-east1: "0.09" }
    unknown_query: 0.25 slot-hours
`);

    const projects = ['lender-dw', 'lender-dw-2', 'lender-etl-9', 'other'];
    expect(freeBytesPerMonth).toBe(1n << 40n);
    expect(projects.map((project) => editions?.covers(project))).toEqual([true, false, true, false]);
    expect(editions).toMatchObject({
      microsPerSlotHour: { byLocation: new Map([['southamerica-east1', 90_000n]]), otherwise: 60_000n },
      unknownSlotMs: 900_000n,
    });
  });

  test('assumes 0.1 slot-hours for a query without history by default', () => {
    const { editions } = priced(
      '  on_demand_per_tib: { default: 6.25 }\n  editions: { projects: [p], per_slot_hour: { default: 1 } }\n',
    );

    expect(editions?.unknownSlotMs).toBe(360_000n);
  });
});

describe('a rate begins', () => {
  const rates = (budgetZone: string) =>
    policyOf({
      'a.yaml': `${TEAMS}
time_zone: UTC
budgets:
  - { name: day, team: finops, window: day, limit: 1 GiB, time_zone: ${budgetZone} }
pricing:
  currency: USD
  on_demand_per_tib: { default: 6.25 }
  exchange_rates:
    - { to: BRL, rate: 1.7, as_of: 2010-11-01 }
    - { to: BRL, rate: 1.8, as_of: 2010-11-07 }
`,
    });
  const rateAt = (policy: Policy, at: string) =>
    policy.pricingAt(Date.parse(at)).exchangeRates[0]?.microsPerUnit;

  test("with the day of the budgets and reports, whatever the files' zone: reports convert whole days", () => {
    const policy = rates('America/Sao_Paulo');

    expect(rateAt(policy, '2010-11-07T01:59:59.999Z')).toBe(1_700_000n);
    expect(rateAt(policy, '2010-11-07T02:00:00Z')).toBe(1_800_000n);
  });

  test('once, where clocks go back across midnight', () => {
    // One minute after midnight of 7 November 2010, clocks in St. John's showed 23:01 of the 6th again.
    const policy = rates('America/St_Johns');

    expect(rateAt(policy, '2010-11-07T02:29:59.999Z')).toBe(1_700_000n);
    expect(rateAt(policy, '2010-11-07T03:00:00Z')).toBe(1_800_000n);
  });
});

describe('the error of a pricing names its place and what was expected:', () => {
  test('no pricing', () => {
    expect(errorsOf({ 'a.yaml': 'version: 1\n' })).toEqual([
      'policies/a.yaml:1:1: no file has a "pricing" section; expected one, with "currency" and "on_demand_per_tib"',
    ]);
  });

  test('two pricing sections', () => {
    expect(errorsIn(`version: 1${PRICING}`)).toEqual([
      'policies/base.yaml:11:3: the pricing section stands twice, the first time at policies/a.yaml:3; expected it once',
    ]);
  });

  test('prices without a default', () => {
    expect(
      errorsOf({ 'a.yaml': 'version: 1\npricing:\n  currency: USD\n  on_demand_per_tib: { US: 6.25 }\n' }),
    ).toEqual([
      'policies/a.yaml:4:22: "on_demand_per_tib" is a mapping; expected a mapping of "default" and BigQuery locations to prices per TiB, "default" among them',
    ]);
  });

  test.each([
    [
      'prices per slot-hour without a default',
      'editions: { projects: [p], per_slot_hour: { US: 1 } }',
      'policies/a.yaml:5:45: "per_slot_hour" is a mapping; expected a mapping of "default" and BigQuery locations to prices per slot-hour, "default" among them',
    ],
    [
      'editions for no project',
      'editions: { projects: [], per_slot_hour: { default: 1 } }',
      'policies/a.yaml:5:25: "projects" is a list; expected a list of at least one project',
    ],
    [
      'the same project twice',
      'editions: { projects: [p, p], per_slot_hour: { default: 1 } }',
      'policies/a.yaml:5:29: project p stands twice, the first time at policies/a.yaml:5; expected it once',
    ],
    [
      'the same location twice, ignoring case',
      'editions: { projects: [p], per_slot_hour: { default: 1, US: 1, us: 2 } }',
      'policies/a.yaml:5:70: the price of a slot-hour for us stands twice, the first time at policies/a.yaml:5; expected it once',
    ],
    [
      'no slot time for queries without history',
      'editions: { projects: [p], per_slot_hour: { default: 1 }, unknown_query: 0 slot-hours }',
      'policies/a.yaml:5:76: "unknown_query" is "0 slot-hours"; expected slot time such as 0.1 slot-hours, in whole milliseconds, more than none',
    ],
    [
      'an unknown key',
      'editions: { project: [p], projects: [p], per_slot_hour: { default: 1 } }',
      'policies/a.yaml:5:15: "project" is not known here; expected one of projects, per_slot_hour, unknown_query; did you mean "projects"?',
    ],
    [
      'a free tier that is not in bytes',
      'free_tier: 1 month',
      'policies/a.yaml:5:14: "free_tier" is "1 month"; expected bytes such as 20 GiB, with a unit of B, KB, MB, GB, TB, PB, KiB, MiB, GiB, TiB, PiB',
    ],
  ])('%s', (_, line, error) => {
    const text = `version: 1\npricing:\n  currency: USD\n  on_demand_per_tib: { default: 1 }\n  ${line}\n`;
    expect(errorsOf({ 'a.yaml': text })).toEqual([error]);
  });

  test('a budget in a currency without a rate', () => {
    expect(
      errorsIn('version: 1\nbudgets:\n  - { name: b, team: finops, window: day, limit: 5 EUR }\n'),
    ).toEqual([
      'policies/a.yaml:3:50: budget b counts EUR, and the pricing has no rate from USD to it; expected one of USD, BRL, or a rate in "exchange_rates"',
    ]);
  });
});

describe('exchange rates', () => {
  const rates = `version: 1
pricing:
  currency: USD
  on_demand_per_tib: { default: 6.25, US: 5 }
  exchange_rates:
    - { to: BRL, rate: 5.90, as_of: 2027-01-01 }
    - { to: BRL, rate: 5.10, as_of: 2026-10-01 }
    - { to: BRL, rate: 5.35, as_of: 2026-11-01 }
`;
  const inForceAt = (atMs: number) =>
    policyOf({ 'a.yaml': rates.replace('version: 1\n', '') }, [], atMs).pricing.exchangeRates[0]
      ?.microsPerUnit;

  test('start with the newest one in force', () => {
    expect(inForceAt(Date.UTC(2026, 10, 24))).toBe(5_350_000n);
    expect(inForceAt(Date.UTC(2027, 0, 1))).toBe(5_900_000n);
    expect(inForceAt(Date.UTC(2026, 9, 31))).toBe(5_100_000n);
  });

  test('start with the earliest one if none is in force yet', () => {
    expect(inForceAt(Date.UTC(2025, 0, 1))).toBe(5_100_000n);
  });
});
