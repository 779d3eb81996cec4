import { readdir, readFile } from 'node:fs/promises';
import { Ajv } from 'ajv';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { loadPolicy } from '../../src/policy/load.ts';
import type { Policy } from '../../src/policy/policy.ts';
import { caseJsonSchema } from '../../src/rehearsal/cases/case-schema.ts';
import { coverageOf, percentHit } from '../../src/rehearsal/cases/coverage.ts';
import { readCases } from '../../src/rehearsal/cases/read-cases.ts';
import { type CaseOutcome, runCase } from '../../src/rehearsal/cases/run-case.ts';
import { folderOf, PRICING, policyOf, TEAMS } from '../policy/builders.ts';

const NOW = Date.UTC(2026, 10, 24, 12);

const policy = policyOf({
  'base.yaml': TEAMS + PRICING,
  'rules.yaml': `
rules:
  - { name: no-star, mode: deny, when: query.star, message: { en: Name the columns., pt-BR: Escolha as colunas. } }
  - { name: large, mode: audit, when: query.bytes_billed > gib(1) }
  - { name: cap, teams: [finops], maximum_bytes_billed: 2 GiB }
  - { name: no-partition, mode: audit, teams: [finops], when: 'query.tables.exists(t, t.partitioned_by != "" && !t.partition_filter)' }
  - { name: no-cluster, mode: audit, teams: [finops], when: 'query.tables.exists(t, t.clustered_by.size() > 0 && !t.cluster_filter)' }
  - { name: dearer, mode: audit, teams: [finops], when: history.runs >= 20 && query.cost > history.p95_cost && history.last_seen_hours < 2.0 }
budgets:
  - { name: slots, team: atendimento, window: day, limit: 2 slot-hours }
  - { name: day, team: finops, window: day, limit: 10 GiB }
`,
});

async function outcomesOf(cases: string, by: Policy = policy): Promise<readonly CaseOutcome[]> {
  const folder = await folderOf({ 'a.yaml': `version: 1\ndefaults: { as: finops }\ncases:\n${cases}` });
  const read = await readCases(folder, by);
  return Promise.all(read.map((one) => runCase(by, one, NOW)));
}

async function differencesOf(one: string, by: Policy = policy): Promise<readonly string[]> {
  const [outcome] = await outcomesOf(`  - name: a case\n${one.replace(/^/gm, '    ')}\n`, by);
  return (outcome?.differences ?? []).map(({ of, expected, got }) => `${of}: ${expected} | ${got}`);
}

describe('a case', () => {
  test('holds where all that it expects is so', async () => {
    const found = await differencesOf(
      'sql: SELECT * FROM d.t\nexpect: { decision: deny, refused_by: no-star, rules: { no-star: deny }, cap: 2 GiB, message: { en: Name the columns., pt-BR: [Escolha as, colunas.] } }',
    );
    expect(found).toEqual([]);
  });

  test('tells all that came otherwise', async () => {
    const found = await differencesOf(
      'sql: SELECT a FROM d.t\ngiven: { bytes: 1.5 GiB }\nexpect: { decision: deny, refused_by: day, rules: { no-star: deny }, cap: 1 GiB, message: { pt-BR: Escolha } }',
    );
    expect(found).toEqual([
      'decision: deny | allow',
      'refused_by: day | nothing',
      'rules: no-star: deny | large: audit',
      'cap: 1 GiB | 2 GiB',
      'message: (pt-BR) … Escolha … | no message',
    ]);
  });

  test('expects all of the rules that are hit, in their modes', async () => {
    const found = await differencesOf(
      'sql: SELECT * FROM d.t\nexpect: { decision: deny, rules: { no-star: warn } }',
    );
    expect(found).toEqual(['rules: no-star: warn | no-star: deny']);
  });

  test.each([
    ['used: 9.5 GiB', 'deny'],
    ['used: 95%', 'deny'],
    ['used: 50%, reserved: 4.5 GiB', 'deny'],
    ['used: 90%', 'allow'],
  ])('is paid for out of the budgets as they are given: %s', async (state, decision) => {
    const found = await differencesOf(
      `sql: SELECT a FROM d.t\ngiven: { bytes: 1 GiB, budgets: { day: { ${state} } } }\nexpect: { decision: ${decision} }`,
    );
    expect(found).toEqual([]);
  });

  test('that gives a budget which does not cover its query tells so', async () => {
    const found = await differencesOf(
      'as: atendimento\nsql: SELECT a FROM d.t\ngiven: { budgets: { day: { used: 1 GiB } } }\nexpect: { decision: allow }',
    );
    expect(found).toEqual(['budgets: covered by day | covered by slots']);
  });

  test('that gives a budget in another unit is an error at its place', async () => {
    const given = differencesOf(
      'sql: SELECT a FROM d.t\ngiven: { budgets: { day: { used: 5 USD } } }\nexpect: { decision: allow }',
    );
    await expect(given).rejects.toThrow(
      /a\.yaml:6:\d+: "used" is in USD, and budget day counts bytes; expected a share such as 95%, or an amount in the unit/,
    );
  });

  test.each([
    [
      '{ p.d.t: { partitioned_by: Day, clustered_by: [Shop, day] } }',
      'SELECT a FROM p.d.t',
      ['no-partition', 'no-cluster'],
    ],
    ['{ p.d.t: { partitioned_by: day } }', 'SELECT a FROM p.d.t WHERE day > 3', []],
    ['{ p.d.t: { clustered_by: [shop] } }', 'SELECT a FROM p.d.t WHERE shop = 3', []],
    ['{}', 'SELECT a FROM p.d.t', []],
  ])('is judged by the tables as they are given: %s, %s', async (definitions, sql, rules) => {
    const found = await differencesOf(
      `sql: ${sql}\ngiven: { table_definitions: ${definitions} }\nexpect: { decision: allow, rules: { ${rules.map((rule) => `${rule}: audit`).join(', ')} } }`,
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['{ runs: 20, median_cost: "0.001", p95_cost: "0.002", last_seen_hours: 1.5 }', 'dearer: audit'],
    ['{ runs: 20, p95_cost: "0.5" }', ''],
    ['{ runs: 0 }', ''],
  ])('is judged by the history as it is given: %s', async (history, rules) => {
    const found = await differencesOf(
      `sql: SELECT a FROM d.t\ngiven: { bytes: 900 MiB, history: ${history} }\nexpect: { decision: allow, rules: { ${rules} } }`,
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['', 'allow'],
    ['given: { slot_time: 3 slot-hours }', 'deny'],
  ])('takes slot time where a budget counts it: %s', async (given, decision) => {
    const found = await differencesOf(
      `as: atendimento\nsql: SELECT a FROM d.t\n${given}\nexpect: { decision: ${decision} }`,
    );
    expect(found).toEqual([]);
  });

  test('is billed by as many tables as are given, and by the accuracy', async () => {
    const found = await differencesOf(
      'sql: SELECT a FROM d.v\ngiven: { bytes: 3 GiB, accuracy: UPPER_BOUND, tables: [p.d.a, p.d.b] }\nexpect: { decision: allow, rules: { large: audit } }',
    );
    expect(found).toEqual([]);
  });
});

test('errors of cases are told at once, with their place and the likely word', async () => {
  const reading = outcomesOf(`
  - { name: a, sql: SELECT 1, givn: {}, expect: { decision: allow } }
  - { name: b, sql: SELECT 1, as: finnops, expect: { decision: allow } }
  - { name: c, sql: SELECT 1, given: { budgets: { dya: {} } }, expect: { decision: allow, rules: { lrage: deny } } }
  - { name: d, sql: SELECT 1, given: { budgets: { day: { usd: 1% } } }, expect: { decision: deny, refused_by: no-stra } }
`);
  await expect(reading).rejects.toThrow(
    /a\.yaml:5:31: "givn".*"given"\?\n.*a\.yaml:6:35: there is no team finnops.*"finops"\?\n.*a\.yaml:7:51: there is no budget dya; expected one of slots, day\n.*a\.yaml:7:100: there is no rule lrage.*"large"\?\n.*a\.yaml:8:58: "usd".*"used"\?/,
  );
});

test('coverage tells the rules that no case hits, and those that no case misses', async () => {
  const coverage = coverageOf(
    await outcomesOf(`
  - { name: a, sql: SELECT * FROM d.t, expect: { decision: deny } }
  - { name: b, sql: SELECT * FROM d.t, as: atendimento, expect: { decision: deny } }
`),
  );
  expect(coverage).toMatchObject([
    { rule: 'no-star', hits: 2, misses: 0, isUnconditional: false },
    { rule: 'large', hits: 0, misses: 2 },
    { rule: 'cap', hits: 1, misses: 0, isUnconditional: true },
    { rule: 'no-partition', hits: 0, misses: 1 },
    { rule: 'no-cluster', hits: 0, misses: 1 },
    { rule: 'dearer', hits: 0, misses: 1 },
  ]);
  expect(percentHit(coverage)).toBe(33);
});

describe('the cases of the example policies', async () => {
  const examples = await loadPolicy('policies');
  const cases = await readCases('policies/tests', examples);

  test.each(cases.map((one) => [one.entry.name, one] as const))('%s', async (_, one) => {
    expect((await runCase(examples, one, Date.now())).differences).toEqual([]);
  });

  test('hit every rule, and miss every rule that can miss', async () => {
    const coverage = coverageOf(await Promise.all(cases.map((one) => runCase(examples, one, NOW))));
    expect(coverage.filter(({ hits }) => hits === 0)).toEqual([]);
    expect(coverage.filter(({ misses, isUnconditional }) => misses === 0 && !isUnconditional)).toEqual([]);
  });
});

describe('the published schema of cases', async () => {
  const ajv = new Ajv({ allowUnionTypes: true });
  const isRight = ajv.compile(caseJsonSchema());
  const files = (await readdir('policies/tests')).filter((name) => name.endsWith('.yaml'));

  test('is the one that cases are read by: run `npm run --silent guardrail -- policy schema cases > policies/tests/schema.json`', async () => {
    const published: unknown = JSON.parse(await readFile('policies/tests/schema.json', 'utf8'));
    expect(published).toEqual(caseJsonSchema());
  });

  test('finds the example of the documentation right', async () => {
    const page = await readFile('docs/policies.md', 'utf8');
    const example = /## Cases\n.*?```yaml\n(.*?)```/s.exec(page)?.[1] ?? '';
    expect([isRight(parse(example)), isRight.errors]).toEqual([true, null]);
  });

  test.each(files)('finds %s right, and a misspelt key in it wrong', async (name) => {
    const text = await readFile(`policies/tests/${name}`, 'utf8');
    expect(text).toMatch(/^# yaml-language-server: \$schema=schema\.json\n/);
    expect([isRight(parse(text)), isRight.errors]).toEqual([true, null]);
    expect(isRight(parse(text.replace('decision:', 'decison:')))).toBe(false);
  });
});

describe('the price of a case', () => {
  test('is by its bytes where its script may leave the slots of its project, as the guard has it', async () => {
    const onSlots = policyOf({
      'a.yaml': `${TEAMS}
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  editions: { projects: [slots], per_slot_hour: { default: "0.06" } }
rules:
  - { name: dear, mode: audit, when: query.cost > 6.0 }
`,
    });
    const hit = async (sql: string) =>
      differencesOf(
        `sql: "${sql}"\nproject: slots\ngiven: { bytes: 1 TiB }\nexpect: { decision: allow, rules: { dear: audit } }`,
        onSlots,
      );

    expect(await hit("SET @@reservation = 'none'; SELECT a FROM d.t")).toEqual([]);
    expect(await hit('SELECT a FROM d.t')).toEqual(['rules: dear: audit | none']);
  });

  test('is exchanged at the rate of the instant at which it is asked', async () => {
    const rising = policyOf({
      'a.yaml': `${TEAMS}
pricing:
  currency: USD
  on_demand_per_tib: { default: "6.25" }
  exchange_rates: [{ to: BRL, rate: "5", as_of: 2026-11-01 }, { to: BRL, rate: "6", as_of: 2027-01-01 }]
budgets:
  - { name: reais, team: finops, window: day, limit: 32 BRL }
`,
    });
    const decided = (at: string, decision: string) =>
      differencesOf(
        `sql: SELECT a FROM d.t\ngiven: { bytes: 1 TiB, at: ${at} }\nexpect: { decision: ${decision} }`,
        rising,
      );

    expect(await decided('2026-12-31T12:00:00Z', 'allow')).toEqual([]);
    expect(await decided('2027-01-01T12:00:00Z', 'deny')).toEqual([]);
  });
});
