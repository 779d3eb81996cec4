import { describe, expect, test } from 'vitest';
import { PRICING, policyOf, question, TEAMS } from '../builders.ts';

const policy = policyOf({
  'base.yaml': TEAMS + PRICING,
  'rules.yaml': `
budgets:
  - { name: all, organisation: true, window: day, limit: 1 GiB }
  - { name: finops-day, team: finops, window: day, limit: 1 GiB }
  - { name: metabase-day, principal: metabase@x.example, window: day, limit: 1 GiB }
rules:
  - { name: history, mode: warn, teams: [finops], when: "history.runs > 3", message: { en: Often. } }
  - { name: small, teams: [atendimento], maximum_bytes_billed: 1 GiB }
  - { name: everyone, mode: warn, when: "true", message: { en: Everyone. } }
`,
});
const finops = { principal: 'metabase-finops@x.example' };

describe('a query of a team', () => {
  test('is judged by the rules of its team and those for all, without caps of other teams', () => {
    expect(policy.decide(question(policy, finops))).toMatchObject({
      hits: [{ rule: 'everyone' }],
      maximumBytesBilled: null,
    });
    expect(policy.decide(question(policy)).maximumBytesBilled).toBe(1n << 30n);
  });

  test('looks up only facts that rules for its team read', () => {
    expect(policy.sourcesFor(question(policy, finops)).history).toBe(true);
    expect(policy.sourcesFor(question(policy)).history).toBe(false);
  });

  test('is covered by budgets of its team and by budgets without a team that match it', () => {
    const covered = (options = {}) =>
      policy
        .coverageOf({ caller: question(policy, options).caller, projectId: 'lender' })
        .map(({ budget }) => budget.name);
    expect(covered(finops)).toEqual(['all', 'finops-day']);
    expect(covered()).toEqual(['all', 'metabase-day']);
  });

  test('has the outcome "other team" in the opinion of rules for other teams', () => {
    const [, small] = policy.opinionsOn(question(policy, finops));
    expect(small).toMatchObject({ rule: 'small', outcome: 'other team', hit: null, cap: null });
  });
});
