import { describe, expect, test } from 'vitest';
import type { Caller } from '../../../src/vocabulary/caller.ts';
import { errorsIn, PRICING, policyOf, type QueryOptions, question, TEAMS } from '../builders.ts';

const RULE = '  - { name: r, mode: deny, when: "true", message: m }\n';
const ABOUT = 'owner: ana, reason: month-end closing, until: 2026-12-15';
const noon = Date.UTC(2026, 11, 1, 12);
const dashboard12: Partial<Caller> = { tool: 'metabase', person: '3', dashboard: '12', card: '7' };

function policyWith(exemption: string, rule = RULE) {
  const zone = 'time_zone: America/Sao_Paulo\n';
  return policyOf({
    'a.yaml': `${zone}${TEAMS}${PRICING}rules:\n${rule}exemptions:\n  - { rule: r, ${exemption}, ${ABOUT} }\n`,
  });
}

function hitUnder(exemption: string, options: QueryOptions = {}, rule?: string) {
  const policy = policyWith(exemption, rule);
  return policy.decide(question(policy, { atMs: noon, ...options })).hits[0];
}

const isExempt = (...options: Parameters<typeof hitUnder>) => hitUnder(...options)?.eased?.by === 'exemption';

describe('an exemption', () => {
  test('lets the query pass, and the hit records owner, reason and end of the exemption', () => {
    expect(hitUnder('dashboard: "metabase:12"', { caller: dashboard12 })).toMatchObject({
      mode: 'audit',
      eased: {
        by: 'exemption',
        wouldBe: 'deny',
        owner: 'ana',
        reason: 'month-end closing',
        until: '2026-12-15',
        source: { file: 'policies/a.yaml' },
      },
    });
  });

  test.each<[string, boolean]>([
    ['team: atendimento', true],
    ['team: finops', false],
    ['principal: "*@X.example"', true],
    ['principal: Metabase@x.example', true],
    ['principal: "*@y.example"', false],
    ['person: "metabase:3"', true],
    ['person: "redash:3"', false],
    ['dashboard: "metabase:1"', false],
    ['card: "metabase:7"', true],
    ['dashboard: "metabase:12", team: atendimento', true],
    ['dashboard: "metabase:12", team: finops', false],
  ])('holds only if all its selectors match: %s, %s', (exemption, expected) => {
    expect(isExempt(exemption, { caller: dashboard12 })).toBe(expected);
  });

  test('holds whatever the case of the principal that the warehouse names', () => {
    expect(isExempt('principal: metabase@x.example', { principal: 'Metabase@X.example' })).toBe(true);
  });

  test('for a table holds for a query of it alone, whatever the rule is about', () => {
    const rule = '  - { name: r, mode: deny, when: "query.bytes_billed > mib(1)", message: m }\n';

    expect(isExempt('table: atendimento.t', { sql: 'SELECT a FROM t' }, rule)).toBe(true);
    expect(isExempt('table: atendimento.t', { sql: 'SELECT a FROM t, u' }, rule)).toBe(false);
  });

  test('holds for its fingerprint only', () => {
    const policy = policyWith('team: finops');
    const { fingerprint } = question(policy, { sql: 'SELECT 1' }).reading;

    expect(isExempt(`fingerprint: ${fingerprint}`, { sql: 'SELECT 2' })).toBe(true);
    expect(isExempt(`fingerprint: ${fingerprint}`, { sql: 'SELECT 1 + 1' })).toBe(false);
  });

  test('for a person does not hold for a query that names no person', () => {
    expect(isExempt('person: "metabase:3"', { caller: { tool: 'metabase', person: null } })).toBe(false);
  });

  test('lifts the cap of its rule only', () => {
    const rules =
      '  - { name: r, maximum_bytes_billed: 1 GiB }\n  - { name: s, maximum_bytes_billed: 5 GiB }\n';
    const policy = policyWith('team: atendimento', rules);
    const verdict = policy.decide(question(policy, { bytes: 2n << 30n, atMs: noon }));

    expect(verdict).toMatchObject({ outcome: 'allow', maximumBytesBilled: 5n << 30n });
    expect(verdict.hits).toMatchObject([{ rule: 'r', eased: { by: 'exemption', wouldBe: 'deny' } }]);
  });

  test('is recorded even if the rule would only audit', () => {
    expect(isExempt('team: atendimento', {}, '  - { name: r, mode: audit, when: "true" }\n')).toBe(true);
  });
});

describe('an exemption for a table', () => {
  const STARS = '  - { name: r, mode: deny, when: "query.tables.exists(t, t.star)", message: m }\n';

  test.each<[string, boolean]>([
    ['SELECT * FROM atendimento.old', true],
    ['SELECT o.*, n.a FROM atendimento.old AS o JOIN atendimento.new AS n USING (id)', true],
    ['SELECT o.a, n.* FROM atendimento.old AS o JOIN atendimento.new AS n USING (id)', false],
    ['SELECT * FROM atendimento.old JOIN atendimento.new USING (id)', false],
    ['SELECT * FROM atendimento.new', false],
  ])('holds only if the rule does not match because of another table: %s, %s', (sql, expected) => {
    expect(isExempt('table: atendimento.old', { sql }, STARS)).toBe(expected);
  });
});

describe('the end of an exemption', () => {
  const lastMs = Date.parse('2026-12-16T03:00:00Z') - 1;

  test('comes after its last day, in the policy’s time zone', () => {
    const options = { caller: dashboard12 };

    expect(isExempt('person: "metabase:3"', { ...options, atMs: lastMs })).toBe(true);
    expect(hitUnder('person: "metabase:3"', { ...options, atMs: lastMs + 1 })).toMatchObject({
      mode: 'deny',
    });
  });

  test('causes a warning from then on, with its place and owner', () => {
    const policy = policyWith('team: atendimento');

    expect(policy.warningsAt(lastMs)).toEqual([]);
    expect(policy.warningsAt(lastMs + 1).map(String)).toEqual([
      expect.stringMatching(
        /^policies\/a\.yaml:\d+:5: the exemption from rule r ended with 2026-12-15 and holds no more; .*ask ana$/,
      ),
    ]);
  });
});

describe('an invalid exemption is an error at its place:', () => {
  const file = (exemption: string) =>
    `version: 1\nrules:\n  - { name: r, mode: audit, teams: [finops], when: "true" }\nexemptions:\n  - ${exemption}\n`;

  test.each([
    [`{ rule: q, team: finops, ${ABOUT} }`, '5:13', 'there is no rule q; expected one of r'],
    [
      `{ rule: r, ${ABOUT} }`,
      '5:5',
      'the exemption does not say for whom or what it is; expected one of team',
    ],
    [`{ rule: r, team: atendimento, ${ABOUT} }`, '5:22', 'rule r does not hold for team atendimento anyway'],
    [
      `{ rule: r, dashboard: 12, ${ABOUT} }`,
      '5:27',
      '"dashboard" is "12"; expected the tool and its own name',
    ],
    ['{ rule: r, team: finops, owner: ana, until: 2026-12-15 }', '5:5', '"reason" is missing; expected why'],
    [
      '{ rule: r, team: finops, owner: ana, reason: x, until: soon }',
      '5:60',
      '"until" is "soon"; expected a date',
    ],
  ])('%s', (exemption, place, problem) => {
    const [error, ...others] = errorsIn(file(exemption));

    expect(others).toEqual([]);
    expect(error).toContain(`policies/a.yaml:${place}: ${problem}`);
  });
});
