import { describe, expect, test } from 'vitest';
import { checkPolicy } from '../../../src/policy/check.ts';
import { readPolicyFolder } from '../../../src/policy/document/folder.ts';
import { PRICING, TEAMS } from '../builders.ts';

/** The warnings about one file, loaded together with one that has the teams atendimento (pt-BR) and finops. */
function warningsOn(
  text: string,
  base = `${TEAMS}budgets:
  - { name: each-team, per: team, window: day, limit: 1 GiB }
`,
): readonly string[] {
  const files = [
    { file: 'policies/a.yaml', text: `version: 1\n${text}` },
    { file: 'policies/base.yaml', text: `version: 1\n${base}${PRICING}` },
  ];
  const { errors, warnings } = checkPolicy('policies', { files, version: 'abc' }, 0);
  expect(errors).toEqual([]);
  return warnings.map(String);
}

test('the example policies raise no warning', async () => {
  const { warnings } = checkPolicy('policies', await readPolicyFolder('policies'), Date.now());
  expect(warnings).toEqual([]);
});

test('warnings are raised only if there are no errors', () => {
  const files = [
    { file: 'policies/a.yaml', text: 'version: 1\nteams:\n  - { name: idle, principals: [] }\n' },
  ];
  const { errors, warnings } = checkPolicy('policies', { files, version: 'abc' }, 0);
  expect([errors.length, warnings.length]).toEqual([1, 0]);
});

test('warnings are sorted by file and line', () => {
  const warnings = warningsOn(
    'rules:\n  - { name: r, mode: audit, when: "false" }\nteams:\n  - { name: idle, principals: [] }\n',
  );
  expect(warnings.map((warning) => warning.split(' ')[0])).toEqual([
    'policies/a.yaml:3:35:',
    'policies/a.yaml:5:5:',
  ]);
});

describe('a team raises a warning', () => {
  test('if it has no principals', () => {
    expect(warningsOn('teams:\n  - { name: idle, principals: [] }\n')).toEqual([
      'policies/a.yaml:3:5: nobody is in team idle; expected at least one of "principals"',
    ]);
  });

  test('if no budget and no rule names it', () => {
    const warnings = warningsOn('teams:\n  - { name: new, principals: [a@new.example] }\n', TEAMS);
    expect(warnings).toContainEqual(
      expect.stringContaining('a.yaml:3:5: no budget and no rule names team new'),
    );
  });

  test('if one of its patterns comes after a wider one of another team', () => {
    const warnings = warningsOn(
      'teams:\n  - { name: all, principals: ["*"] }\n  - { name: some, principals: ["*@x.example", "a@x.example"] }\n',
    );
    expect(warnings).toContainEqual(
      expect.stringContaining(
        'a.yaml:4:32: nobody comes into team some by *@x.example: * of team all stands before it',
      ),
    );
  });

  test('not if one of its patterns comes before a wider one of another team', () => {
    const warnings = warningsOn(
      'teams:\n  - { name: some, principals: ["*@x.example"] }\n  - { name: all, principals: ["*.example"] }\n',
      `budgets:\n  - { name: each-team, per: team, window: day, limit: 1 GiB }\n`,
    );
    expect(warnings).toEqual([]);
  });
});

describe('a budget raises a warning', () => {
  test('if it is for a principal of another team', () => {
    const budget = 'name: b, team: finops, principal: metabase@x.example, window: day, limit: 1 GiB';
    expect(warningsOn(`budgets:\n  - { ${budget} }\n`)).toEqual([
      expect.stringContaining(
        'budget b covers nobody: metabase@x.example is in team atendimento, not in finops',
      ),
    ]);
  });

  test('if a smaller budget for the same queries always refuses first', () => {
    const budgets =
      'budgets:\n  - { name: large, team: finops, window: day, limit: 2 GiB }\n  - { name: small, team: finops, window: day, limit: 1 GiB }\n';
    expect(warningsOn(budgets)).toEqual([
      expect.stringContaining('a.yaml:3:54: budget large never refuses: small'),
    ]);
  });

  test.each([
    ['no larger limit', 'team: finops, window: day, limit: 1 GiB'],
    ['another window', 'team: finops, window: week'],
    ['another team', 'team: atendimento, window: day'],
    ['another measure', 'team: finops, window: day, limit: 2 USD'],
    ['another action when exceeded', 'team: finops, window: day, when_exceeded: warn'],
  ])('not if it has %s than the smaller budget', (_, own) => {
    const limit = own.includes('limit') ? '' : ', limit: 2 GiB';
    const budgets = `budgets:\n  - { name: large, ${own}${limit} }\n  - { name: small, team: finops, window: day, limit: 1 GiB }\n`;
    expect(warningsOn(budgets)).toEqual([]);
  });
});

describe('a rule raises a warning', () => {
  function warningsOnCondition(when: string, teams = '[finops]') {
    return warningsOn(`rules:\n  - name: r\n    mode: audit\n    teams: ${teams}\n    when: ${when}\n`);
  }

  test.each([
    'caller.team == "atendimento"',
    'query.star && caller.team in ["atendimento", "dados"]',
    'now.hour > 23',
    'now.weekday == 0',
    'query.accuracy == "EXACT"',
    'query.tables.exists(t, t.star && t.status == "legcy")',
    'query.tables.exists(t, t.status == "legacy")',
    '!(query.star || now.hour >= 0)',
    '"select_star" in query.antipatterns',
    '"ai.generate" in query.functions',
    'query.statement_type in ["select", "merge"]',
    'query.reads("messages")',
    'query.tables.exists(t, t.name == "atendimento.messages" && t.star)',
    'query.tables.exists(t, t.name in ["messages", "tickets"])',
    'query.tables.exists(t, t.kind == "view")',
    'query.tables.exists(t, "CPF" in t.projected)',
    'query.tables.exists(t, t.partitioned_by == "Created_At")',
    'false',
  ])('if its condition can never hold for its teams: %s', (when) => {
    expect(warningsOnCondition(`'${when}'`)).toEqual([
      expect.stringContaining('a.yaml:6:11: rule r can never hold'),
    ]);
  });

  test.each([
    'caller.team == "finops" && query.star',
    'true',
    'query.star && now.hour > 20',
    'query.accuracy != "PRECISE"',
    'query.tables.exists(t, t.status == "unknown")',
    'query.tables.all(t, t.status == "legacy")',
    'query.star || now.hour > 23',
    'caller.person == "ana"',
    '"select-star" in query.antipatterns',
    '"AI.GENERATE" in query.functions',
    '!("ai.generate" in query.functions) && query.star',
    'query.statement_type in ["select", "MERGE"]',
    'query.reads("atendimento.messages") || query.reads("*messages")',
    'query.tables.exists(t, t.name == "shop.atendimento.messages" || t.star)',
    'query.tables.exists(t, t.kind == "VIEW" || t.kind == "")',
    'query.tables.exists(t, "cpf" in t.projected || t.grouped != [])',
    'now.hour < 6 || now.hour > 20',
  ])('not if its condition may hold: %s', (when) => {
    expect(warningsOnCondition(`'${when}'`)).toEqual([]);
  });

  test('if its condition holds for every query', () => {
    expect(warningsOnCondition("'now.hour >= 0'")).toEqual([
      expect.stringContaining('the condition of rule r holds for every query'),
    ]);
  });

  test('if its cap is never reached because of a lower one', () => {
    const rules =
      'rules:\n  - { name: loose, teams: [finops], maximum_bytes_billed: 2 GiB }\n  - { name: tight, maximum_bytes_billed: 1 GiB }\n';
    expect(warningsOn(rules)).toEqual([
      expect.stringContaining('the cap of rule loose is never reached: that of tight'),
    ]);
  });

  test.each([
    ['is not yet enforced', ', enforce_from: 2999-01-01', ''],
    ['is only partly rolled out', ', rollout: 25%', ''],
    [
      'has an exemption',
      '',
      'exemptions:\n  - { rule: tight, team: finops, owner: ana, reason: closing, until: 2999-01-01 }\n',
    ],
  ])('not if the lower cap %s', (_, life, exemptions) => {
    const rules = `rules:\n  - { name: loose, maximum_bytes_billed: 2 GiB }\n  - { name: tight, maximum_bytes_billed: 1 GiB${life} }\n`;
    expect(warningsOn(rules + exemptions)).toEqual([]);
  });

  test('if it refuses work of other services, and no rule asks what cannot be read', () => {
    const rule = (mode: string, fact: string) =>
      `  - { name: ${mode}-it, mode: ${mode}, when: query.${fact}.size() > 0, message: m }\n`;
    const refusal = `rules:\n${rule('deny', 'outside_services')}`;

    expect(warningsOn(refusal)).toEqual([
      'policies/a.yaml:3:40: rule deny-it is passed by what is behind views and routines that guardrail cannot read; expected some rule about query.unread_definitions',
    ]);
    expect(warningsOn(`${refusal}${rule('audit', 'unread_definitions')}`)).toEqual([]);
    expect(warningsOn(`rules:\n${rule('warn', 'outside_services')}`)).toEqual([]);
  });

  test('if it has no message in the language of one of its teams', () => {
    const rule = (teams: string) =>
      `rules:\n  - { name: r, mode: warn, ${teams}when: query.star, message: { en: Name the columns. } }\n`;
    expect(warningsOn(rule(''))).toEqual([expect.stringContaining('rule r says nothing in pt-BR')]);
    expect(warningsOn(rule('teams: [finops], '))).toEqual([]);
  });
});

test('a legacy table whose replacement is also legacy raises a warning', () => {
  const tables =
    'catalog:\n  tables:\n    - { table: p.d.a, status: legacy, replacement: p.d.b }\n    - { table: p.d.b*, status: legacy }\n';
  expect(warningsOn(tables)).toEqual([
    expect.stringContaining('a.yaml:4:52: table p.d.a is to be replaced by p.d.b'),
  ]);
});
