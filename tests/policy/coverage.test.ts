import { describe, expect, test } from 'vitest';
import type { Caller } from '../../src/vocabulary/caller.ts';
import { PRICING, policyOf, TEAMS } from './builders.ts';

const someone: Caller = {
  principal: 'Metabase@x.example',
  team: 'atendimento',
  tool: 'metabase',
  person: '12',
  dashboard: '3',
  card: '7',
};

/** Name and account of each budget that covers a query, in order; budgets that do not are left out. */
function accounts(entries: readonly string[], changes: Partial<Caller> = {}, projectId = 'lender-dw') {
  const list = entries.map((entry, index) => `  - { name: b${index}, ${entry}, window: day, limit: 1 B }\n`);
  const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}budgets:\n${list.join('')}` });
  return policy
    .coverageOf({ caller: { ...someone, ...changes }, projectId })
    .map(({ budget, account }) => `${budget.name} ${account}`.trim());
}

describe('a budget covers a query', () => {
  test('if it is for the whole organisation, whoever the caller is', () => {
    const nobody = { principal: null, tool: null, person: null, dashboard: null, card: null };
    expect(accounts(['organisation: true'], nobody)).toEqual(['b0']);
  });

  test.each([
    ['team: atendimento', true],
    ['team: finops', false],
    ['principal: metabase@X.example', true],
    ['principal: "*@x.EXAMPLE"', true],
    ['principal: "*@y.example"', false],
    ['person: 12', true],
    ['person: 1', false],
    ['person: "*"', false],
    ['dashboard: 3', true],
    ['card: 7', true],
    ['card: 70', false],
    ['tool: metabase', true],
    ['tool: Metabase', false],
    ['project: lender-dw', true],
    ['project: "lender-*"', true],
    ['project: lender', false],
    ['team: atendimento, person: 12, tool: metabase, project: "*"', true],
    ['team: atendimento, person: 12, tool: redash', false],
  ])('only if every selector matches: %s, %s', (selectors, covers) => {
    expect(accounts([selectors])).toEqual(covers ? ['b0'] : []);
  });

  test('without a known caller only if it has no selector for the caller, or the principal "*"', () => {
    const silent = { principal: null, tool: null, person: null, dashboard: null, card: null };
    const entries = [
      'person: 12',
      'tool: metabase',
      'principal: "*@x.example"',
      'principal: "*"',
      'per: card',
    ];
    expect(accounts(entries, silent)).toEqual(['b3', 'b4 (none)']);
  });

  test('and covering budgets come in file order, each once', () => {
    expect(accounts(['team: finops', 'team: atendimento', 'organisation: true'])).toEqual(['b1', 'b2']);
  });
});

describe('the account of a budget that is charged', () => {
  const per = ['team', 'principal', 'person', 'dashboard', 'card', 'project'].map((kind) => `per: ${kind}`);

  test('is the team, the principal in lower case or the project, and the other kinds with their tool', () => {
    expect(accounts(per)).toEqual([
      'b0 atendimento',
      'b1 metabase@x.example',
      'b2 metabase:12',
      'b3 metabase:3',
      'b4 metabase:7',
      'b5 lender-dw',
    ]);
  });

  test('is "(none)" for all queries that name none, so that omitting a remark evades no budget', () => {
    expect(accounts(per, { principal: null, person: null, dashboard: null, card: null })).toEqual([
      'b0 atendimento',
      'b1 (none)',
      'b2 (none)',
      'b3 (none)',
      'b4 (none)',
      'b5 lender-dw',
    ]);
  });

  test('for a person whose tool is unknown has an empty tool', () => {
    expect(accounts(['per: person'], { tool: null })).toEqual(['b0 :12']);
  });

  test('for a person named "(none)" is not the account for queries that name none', () => {
    expect(accounts(['per: person'], { tool: null, person: '(none)' })).toEqual(['b0 :(none)']);
  });
});
