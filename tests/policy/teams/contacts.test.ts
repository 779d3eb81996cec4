import { describe, expect, test } from 'vitest';
import { budgetOfAccount } from '../../../src/vocabulary/budget.ts';
import { errorsIn, PRICING, policyOf } from '../builders.ts';

const policy = policyOf({
  'a.yaml': `
teams:
  - { name: finops, principals: ["*@finops.example"], contact: "#finops-help" }
  - { name: dados, principals: ["*@dados.example"] }
rules:
  - { name: star, mode: deny, when: query.star, message: No, contact: "#data-help" }
  - { name: joins, mode: deny, when: query.joins_without_condition > 0, message: No }
budgets:
  - { name: company, organisation: true, window: month, limit: 1 TiB, contact: "Rui (FinOps)" }
  - { name: day, organisation: true, window: day, limit: 1 TiB }
  - { name: finops-day, team: finops, window: day, limit: 1 TiB }
  - { name: teams-day, per: team, window: day, limit: 1 TiB }
  - { name: teams-month, per: team, window: month, limit: 1 TiB, contact: Rui }
  - { name: dados-day, team: dados, window: day, limit: 1 TiB }
${PRICING}`,
});

describe('whom to ask about a refusal', () => {
  test.each([
    ['is said by the rule', { by: 'rule', names: ['star'] }, ['#data-help']],
    ['is said by the budget', { by: 'budget', names: ['company'] }, ['Rui (FinOps)']],
    ['is said by the team if the rule does not', { by: 'rule', names: ['joins'] }, ['#finops-help']],
    ['is said by the team if the budget does not', { by: 'budget', names: ['day'] }, ['#finops-help']],
    ['is said by the team if the rule is gone', { by: 'rule', names: ['gone'] }, ['#finops-help']],
    ['is said by the team if no rule is named', { by: 'rule', names: [] }, ['#finops-help']],
    ['is said by each rule', { by: 'rule', names: ['joins', 'star'] }, ['#finops-help', '#data-help']],
    ['is said once', { by: 'rule', names: ['joins', 'gone'] }, ['#finops-help']],
  ] as const)('%s', (_what, refuser, contacts) => {
    expect(policy.contactsFor(refuser, 'finops')).toEqual(contacts);
  });

  test('is not known if nothing says so', () => {
    expect(policy.contactsFor({ by: 'rule', names: ['joins'] }, 'dados')).toEqual([]);
  });

  test.each([
    ['as it says', 'company', 'Rui (FinOps)'],
    ['as its team says', 'finops-day', '#finops-help'],
    ['nobody, if its team does not say', 'dados-day', null],
    ['nobody, if it is no team’s', 'day', null],
  ])('is known of a budget before it refuses: %s', (_what, name, contact) => {
    expect(policy.budgets.find((budget) => budget.name === name)?.contact).toBe(contact);
  });

  test.each([
    ['as each team says', 'teams-day', 'finops', '#finops-help'],
    ['nobody, if the team does not say', 'teams-day', 'dados', null],
    ['as the budget says, if it does', 'teams-month', 'finops', 'Rui'],
  ])('is known of a budget with an account for each team: %s', (_what, name, account, contact) => {
    const [budget] = policy.budgets.filter((one) => one.name === name);
    expect(budget && budgetOfAccount(budget, account).contact).toBe(contact);
  });

  test.each([
    ['several lines', '"ana\\nrui"'],
    ['a long text', 'a'.repeat(121)],
  ])('is not %s, since it stands in a sentence', (_what, contact) => {
    expect(errorsIn(`version: 1\nteams: [{ name: t, principals: [], contact: ${contact} }]`)).toEqual([
      expect.stringContaining('expected whom to ask, on one line of at most 120 characters'),
    ]);
  });
});
