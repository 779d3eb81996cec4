import { describe, expect, test } from 'vitest';
import { hits, PRICING, policyOf, policyWithRules, question, TEAMS } from '../builders.ts';

describe('modes', () => {
  const policy = policyWithRules(`
  - { name: seen, mode: audit, when: query.star }
  - { name: told, mode: warn, when: query.star, message: Name the columns. }
  - { name: refused, mode: deny, when: query.star && query.bytes_billed > gib(1), message: Too much. }
`);

  test('audit and warn let the query pass, and record their hits', () => {
    const verdict = policy.decide(question(policy, { sql: 'SELECT * FROM t' }));
    expect(verdict.outcome).toBe('allow');
    expect(verdict.hits).toEqual([
      {
        rule: 'seen',
        mode: 'audit',
        message: '',
        source: { file: 'policies/rules.yaml', line: 4, column: 5 },
      },
      {
        rule: 'told',
        mode: 'warn',
        message: 'Name the columns.',
        source: { file: 'policies/rules.yaml', line: 5, column: 5 },
      },
    ]);
  });

  test('deny refuses the query, and the other hits are recorded too', () => {
    const verdict = policy.decide(question(policy, { sql: 'SELECT * FROM t', bytes: 2n << 30n }));
    expect(verdict.outcome).toBe('deny');
    expect(verdict.hits.map(({ rule }) => rule)).toEqual(['seen', 'told', 'refused']);
  });

  test('of rules whose condition does not hold yield no hit', () => {
    expect(hits(policy, { sql: 'SELECT a FROM t' })).toEqual([]);
  });
});

test('a rule with teams applies to these teams only', () => {
  const policy = policyWithRules(`
  - { name: r, mode: audit, teams: [finops], when: "true" }
`);
  expect(hits(policy)).toEqual([]);
  expect(hits(policy, { principal: 'metabase-finops@x.example' })).toEqual(['r audit']);
});

describe('caps', () => {
  const policy = policyWithRules(`
  - { name: all, maximum_bytes_billed: 5 GiB }
  - { name: stars, maximum_bytes_billed: 1 GiB, when: query.star }
  - { name: finops, maximum_bytes_billed: 1 MiB, teams: [finops] }
`);
  const capOf = (sql: string) => policy.decide(question(policy, { sql })).maximumBytesBilled;

  test('take the lowest of those that apply, and record no hit', () => {
    expect(capOf('SELECT a FROM t')).toBe(5n << 30n);
    expect(capOf('SELECT * FROM t')).toBe(1n << 30n);
    expect(hits(policy, { sql: 'SELECT * FROM t' })).toEqual([]);
  });

  test('refuse a query with a precise estimate above them, in the team’s language', () => {
    const [hit] = policy.decide(question(policy, { sql: 'SELECT a FROM t', bytes: 6n << 30n })).hits;

    expect(hit).toMatchObject({ rule: 'all', mode: 'deny' });
    expect(hit?.message).toBe('A consulta leria 6 GiB, e a regra permite no máximo 5 GiB por consulta.');
  });

  test('allow a query that is billed exactly as much', () => {
    expect(policy.decide(question(policy, { sql: 'SELECT a FROM t', bytes: 5n << 30n })).outcome).toBe(
      'allow',
    );
    expect(policy.decide(question(policy, { sql: 'SELECT a FROM t', bytes: (5n << 30n) + 1n })).outcome).toBe(
      'deny',
    );
  });

  test('allow a query whose estimate above them is only an upper bound, and limit it', () => {
    const overCap = question(policy, { sql: 'SELECT a FROM t', bytes: 6n << 30n, accuracy: 'UPPER_BOUND' });
    const verdict = policy.decide(overCap);

    expect(verdict).toMatchObject({ outcome: 'allow', hits: [], maximumBytesBilled: 5n << 30n });
  });

  test('are null if no rule has one', () => {
    const none = policyWithRules('  - { name: r, mode: audit, when: query.star }\n');
    expect(none.decide(question(none)).maximumBytesBilled).toBeNull();
  });
});

describe('a condition that fails while it is evaluated', () => {
  const failing = (keys: string) => `  - { name: r, when: "query.tables[7].star", message: m, ${keys} }\n`;

  test.each([
    ['mode: deny', ['r deny'], 'deny'],
    ['mode: deny, on_error: audit', ['r audit'], 'allow'],
    ['mode: deny, on_error: allow', [], 'allow'],
    ['mode: audit', ['r audit'], 'allow'],
    ['mode: warn', ['r audit'], 'allow'],
    ['mode: audit, on_error: deny', ['r deny'], 'deny'],
  ])('in a rule with "%s" yields the hits %j', (keys, expected, outcome) => {
    const ruleErrors: { rule: string; message: string }[] = [];
    const policy = policyWithRules(failing(keys), ruleErrors);
    expect(hits(policy)).toEqual(expected);
    expect(policy.decide(question(policy)).outcome).toBe(outcome);
    expect(ruleErrors[0]).toEqual({ rule: 'r', message: expect.stringContaining('the condition failed: ') });
  });

  test('is reported with its decision and what went wrong, never with the value that it failed on', () => {
    const ruleErrors: { rule: string; message: string }[] = [];
    const lookup = '\'{"a": true}[caller.person]\'';
    const policy = policyWithRules(`  - { name: r, mode: deny, when: ${lookup}, message: m }\n`, ruleErrors);
    const asked = question(policy, { caller: { person: 'ana.souza' } });

    policy.decide({ ...asked, decisionId: 'd-42' });

    expect(ruleErrors).toEqual([
      { rule: 'r', decisionId: 'd-42', message: 'the condition failed: no such key' },
    ]);
  });

  test("says so in the team's language", () => {
    const policy = policyWithRules(failing('mode: deny'));
    expect(policy.decide(question(policy)).hits[0]?.message).toContain('A condição da regra r falhou');
  });

  test.each([
    ['of the rule', 'mode: deny, contact: "#data-help"', '', 'fale com #data-help.'],
    ['of the team', 'mode: deny', 'contact: Rui', 'fale com Rui.'],
    ['of nobody', 'mode: deny', '', 'Avise quem cuida das políticas.'],
  ])('names the contact %s', (_whose, keys, ofTeam, expected) => {
    const teams = TEAMS.replace('language: pt-BR', `language: pt-BR\n    ${ofTeam}`);
    const policy = policyOf({ 'base.yaml': teams + PRICING, 'rules.yaml': `rules:\n${failing(keys)}` });

    expect(policy.decide(question(policy)).hits[0]?.message).toContain(expected);
  });

  test('keeps the cap of its rule, unless on_error is allow', () => {
    const capped = policyWithRules(failing('maximum_bytes_billed: 1 GiB'));
    expect(capped.decide(question(capped)).maximumBytesBilled).toBe(1n << 30n);
    const open = policyWithRules(failing('maximum_bytes_billed: 1 GiB, on_error: allow'));
    expect(open.decide(question(open)).maximumBytesBilled).toBeNull();
  });
});

test('a message that fails while it is evaluated is reported and left out, and its rule holds', () => {
  const ruleErrors: { rule: string; message: string }[] = [];
  // biome-ignore lint/suspicious/noTemplateCurlyInString: how policy files write CEL in a text
  const message = "'about ${query.tables[7].name}'";
  const policy = policyWithRules(
    `  - { name: r, mode: deny, when: "true", message: ${message} }\n`,
    ruleErrors,
  );

  expect(policy.decide(question(policy)).hits).toMatchObject([{ rule: 'r', mode: 'deny', message: '' }]);
  expect(ruleErrors).toEqual([{ rule: 'r', message: expect.stringContaining('the message failed: ') }]);
});

describe('messages', () => {
  const policy = policyWithRules(`
  - name: both
    mode: warn
    when: "true"
    message: { en: english, pt-BR: português }
  - name: english-only
    mode: warn
    when: "true"
    message: { en: english }
  - name: one-for-all
    mode: warn
    when: "true"
    message: by \${caller.principal} at \${now.date}
  - name: failing
    mode: warn
    when: "true"
    message: "\${query.tables[7].name}"
`);
  const messages = (principal: string) =>
    policy.decide(question(policy, { principal })).hits.map(({ message }) => message);

  test("are in the team's language if available, with expressions filled in", () => {
    expect(messages('metabase@x.example')).toEqual([
      'português',
      'english',
      'by metabase@x.example at 2026-11-24',
      '',
    ]);
    expect(messages('metabase-finops@x.example').slice(0, 2)).toEqual(['english', 'english']);
  });
});
