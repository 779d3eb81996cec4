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

/** The accounts of the budgets, in their order, that cover a query; a budget that does not is left out. */
function accounts(entries: readonly string[], changes: Partial<Caller> = {}, projectId = 'lender-dw') {
  const list = entries.map((entry, index) => `  - { name: b${index}, ${entry}, window: day, limit: 1 B }\n`);
  const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}budgets:\n${list.join('')}` });
  return policy
    .coverageOf({ caller: { ...someone, ...changes }, projectId })
    .map(({ budget, account }) => `${budget.name} ${account}`.trim());
}

describe('a budget covers a query', () => {
  test('if it is for the whole organisation, whoever asks', () => {
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
  ])('if every selector fits: %s, %s', (selectors, covers) => {
    expect(accounts([selectors])).toEqual(covers ? ['b0'] : []);
  });

  test('that says nothing of itself only where nothing of the kind is asked, or any principal is', () => {
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

  test('in the order of files, each once', () => {
    expect(accounts(['team: finops', 'team: atendimento', 'organisation: true'])).toEqual(['b1', 'b2']);
  });
});

describe('the account that pays', () => {
  const per = ['team', 'principal', 'person', 'dashboard', 'card', 'project'].map((kind) => `per: ${kind}`);

  test('is the team, the principal in lower case, the project; the rest by its tool', () => {
    expect(accounts(per)).toEqual([
      'b0 atendimento',
      'b1 metabase@x.example',
      'b2 metabase:12',
      'b3 metabase:3',
      'b4 metabase:7',
      'b5 lender-dw',
    ]);
  });

  test('is one for all that say nothing of it, so that leaving a remark out is no way around', () => {
    expect(accounts(per, { principal: null, person: null, dashboard: null, card: null })).toEqual([
      'b0 atendimento',
      'b1 (none)',
      'b2 (none)',
      'b3 (none)',
      'b4 (none)',
      'b5 lender-dw',
    ]);
  });

  test('of a person whose tool is not known has no tool', () => {
    expect(accounts(['per: person'], { tool: null })).toEqual(['b0 :12']);
  });

  test('never mixes a person who is called like the account of all others with it', () => {
    expect(accounts(['per: person'], { tool: null, person: '(none)' })).toEqual(['b0 :(none)']);
  });
});
