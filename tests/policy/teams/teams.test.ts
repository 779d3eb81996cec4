import { expect, test } from 'vitest';
import { PRICING, policyOf } from '../builders.ts';

const policy = policyOf({
  'a.yaml': `${PRICING}
teams:
  - name: suporte
    principals: ["*@x.example"]
  - name: dados
    language: pt-BR
    principals: [Ana@x.example, "*@*.example"]
`,
});

test('an exact principal beats a pattern, ignoring case', () => {
  expect(policy.teamOf('ANA@X.example').name).toBe('dados');
});

test('the first matching pattern in the files wins', () => {
  expect(policy.teamOf('bob@x.example').name).toBe('suporte');
  expect(policy.teamOf('bob@y.example').name).toBe('dados');
});

test('a principal that no team names, or that is not confirmed, is unassigned', () => {
  const unassigned = { name: 'unassigned', title: 'unassigned', language: 'en', contact: null };
  expect(policy.teamOf('bob@elsewhere.test')).toEqual(unassigned);
  expect(policy.teamOf(null)).toEqual(unassigned);
});

test('the team unassigned can be given a language and a title', () => {
  const named = policyOf({
    'a.yaml': `${PRICING}\nteams:\n  - { name: unassigned, title: Sem time, language: pt-BR, principals: [] }\n`,
  });
  expect(named.teamOf(null)).toMatchObject({ name: 'unassigned', title: 'Sem time', language: 'pt-BR' });
});
