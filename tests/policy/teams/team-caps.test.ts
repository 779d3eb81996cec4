import { describe, expect, test } from 'vitest';
import { errorsOf, PRICING, policyOf } from '../builders.ts';

const MIB = 1n << 20n;

function cap(rules: string, upTo = '1 GiB') {
  const policy = policyOf({
    'a.yaml': `teams:
  - { name: finops, principals: [f@x.example], estimate: { mode: capped, up_to: ${upTo} } }
  - { name: others, principals: [o@x.example] }
${PRICING}${rules === '' ? '' : `rules:\n${rules}`}`,
  });
  return policy.cappedUpTo({ name: 'finops' });
}

const rule = (when: string, more = '') =>
  `  - { name: r, mode: deny, when: '${when}', message: no, ${more} }\n`;

test('a team skips the dry run under a cap only if its entry says so', () => {
  const policy = policyOf({ 'a.yaml': `teams:\n  - { name: x, principals: [] }\n${PRICING}` });

  expect(policy.cappedUpTo({ name: 'x' })).toBeNull();
  expect(policy.cappedUpTo({ name: 'unassigned' })).toBeNull();
  expect(cap('')).toBe(1024n * MIB);
});

test('the cap is in whole MiB, and at most that of a rule for the team', () => {
  expect(cap('', '20.5 MiB')).toBe(20n * MIB);
  expect(cap('  - { name: r, maximum_bytes_billed: 50 MiB }\n')).toBe(50n * MIB);
});

test('up_to can be 10 MiB, the least that BigQuery bills', () => {
  expect(cap('', '10 MiB')).toBe(10n * MIB);
});

test('a rule that caps below one MiB forces a dry run, and one that caps at it does not', () => {
  expect(cap('  - { name: r, maximum_bytes_billed: 1 MiB }\n')).toBe(MIB);
  expect(cap('  - { name: r, maximum_bytes_billed: 1048575 B }\n')).toBeNull();
});

test.each([
  'query.star && query.limit < 0',
  'query.functions.exists(f, f == "RAND")',
  'caller.person == "7" && now.hour > 8',
])('a rule that reads only facts of SQL, caller or clock keeps the cap: %s', (when) => {
  expect(cap(rule(when))).toBe(1024n * MIB);
});

test.each([
  'query.bytes_billed > 5',
  'query.bytes_processed > 5',
  'query.cost > 1.0',
  'query.accuracy == "PRECISE"',
  'query.cached',
  'query.statement_type == "SELECT"',
  'query.tables.exists(t, t.star)',
  'query.antipatterns.size() > 0',
  'query.outside_services.size() > 0',
  'query["bytes_billed"] > 5',
  'query.star && !(query.limit > 5 || query.cost > 1.0)',
])('a rule for the team that reads facts of the dry run forces a dry run: %s', (when) => {
  expect(cap(rule(when))).toBeNull();
  expect(cap(rule(when, 'teams: [others]'))).toBe(1024n * MIB);
});

test('a message that reads facts of the dry run forces a dry run', () => {
  const message =
    // biome-ignore lint/suspicious/noTemplateCurlyInString: how policy files write CEL in a text
    "  - { name: r, mode: deny, when: query.star, message: 'takes ${string(query.bytes_billed)}' }\n";
  expect(cap(message)).toBeNull();
});

test('a team that is exempt from a rule needs a dry run, since an exemption may depend on tables', () => {
  const exemption = 'exemptions:\n  - { rule: r, team: finops, owner: ana, reason: x, until: 2099-12-31 }\n';

  expect(cap(rule('query.star') + exemption)).toBeNull();
});

test('the cap is that of the strictest rule, in whatever order they stand', () => {
  const capping = (name: string, most: string) => `  - { name: ${name}, maximum_bytes_billed: ${most} }\n`;

  expect(cap(capping('r', '20 MiB') + capping('s', '50 MiB'))).toBe(20n * MIB);
  expect(cap(capping('r', '50 MiB') + capping('s', '20 MiB'))).toBe(20n * MIB);
});

describe('an invalid entry is an error at its place:', () => {
  test.each([
    ['{ mode: capped, up_to: 1 MiB }', 'expected bytes such as 1 GiB, 10 MiB at the least'],
    ['{ mode: bold, up_to: 1 GiB }', 'expected one of capped'],
    ['{ mode: capped }', 'expected bytes such as 20 GiB'],
    ['capped', 'expected a mapping of mode and up_to'],
  ])('%s', (estimate, expected) => {
    const errors = errorsOf({
      'a.yaml': `version: 1\nteams:\n  - name: x\n    principals: []\n    estimate: ${estimate}\n${PRICING}`,
    });

    expect(errors).toEqual([expect.stringMatching(/^policies\/a\.yaml:5:\d+: /)]);
    expect(errors[0]).toContain(expected);
  });
});
