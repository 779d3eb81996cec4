import { describe, expect, test } from 'vitest';
import { PRICING, policyOf, TEAMS } from '../../policy/builders.ts';
import { differencesOf } from './outcomes.ts';

describe('a case', () => {
  test('passes if all its expectations are met', async () => {
    const found = await differencesOf(
      'sql: SELECT * FROM d.t\nexpect: { decision: deny, refused_by: no-star, rules: { no-star: deny }, cap: 2 GiB, message: { en: Name the columns., pt-BR: [Escolha as, colunas.] } }',
    );
    expect(found).toEqual([]);
  });

  test('lists all differences from its expectations', async () => {
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

  test('must expect exactly the rules that are hit, with their modes', async () => {
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
  ])('is decided by the given state of budgets: %s', async (state, decision) => {
    const found = await differencesOf(
      `sql: SELECT a FROM d.t\ngiven: { bytes: 1 GiB, budgets: { day: { ${state} } } }\nexpect: { decision: ${decision} }`,
    );
    expect(found).toEqual([]);
  });

  test('that no budget has room for names the estimate in its message, without the headroom of a bound', async () => {
    const found = await differencesOf(
      'sql: SELECT a FROM d.t\ngiven: { bytes: 2 GiB, accuracy: UPPER_BOUND, budgets: { day: { used: 90% } } }\nexpect: { decision: deny, message: { en: it would take 2 GiB out of budget day } }',
    );
    expect(found).toEqual([]);
  });

  test('that gives a budget that does not cover its query has a difference', async () => {
    const found = await differencesOf(
      'as: atendimento\nsql: SELECT a FROM d.t\ngiven: { budgets: { day: { used: 1 GiB } } }\nexpect: { decision: allow }',
    );
    expect(found).toEqual(['budgets: covered by day | covered by slots']);
  });

  test('that gives a budget in the wrong unit is an error at its place', async () => {
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
  ])('is judged by the given table definitions: %s, %s', async (definitions, sql, rules) => {
    const found = await differencesOf(
      `sql: ${sql}\ngiven: { table_definitions: ${definitions} }\nexpect: { decision: allow, rules: { ${rules.map((rule) => `${rule}: audit`).join(', ')} } }`,
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['{ runs: 20, median_cost: "0.001", p95_cost: "0.002", last_seen_hours: 1.5 }', 'dearer: audit'],
    ['{ runs: 20, p95_cost: "0.5" }', ''],
    ['{ runs: 0 }', ''],
  ])('is judged by the given history: %s', async (history, rules) => {
    const found = await differencesOf(
      `sql: SELECT a FROM d.t\ngiven: { bytes: 900 MiB, history: ${history} }\nexpect: { decision: allow, rules: { ${rules} } }`,
    );
    expect(found).toEqual([]);
  });

  test.each([
    ['', 'allow'],
    ['given: { slot_time: 3 slot-hours }', 'deny'],
  ])('uses the given slot time for a budget in slot-hours: %s', async (given, decision) => {
    const found = await differencesOf(
      `as: atendimento\nsql: SELECT a FROM d.t\n${given}\nexpect: { decision: ${decision} }`,
    );
    expect(found).toEqual([]);
  });

  test('that gives no slot time needs what is assumed of a query that never ran', async () => {
    const used = async (slotHours: string, decision: string) =>
      differencesOf(
        `as: atendimento\nsql: SELECT a FROM d.t\ngiven: { budgets: { slots: { used: ${slotHours} slot-hours } } }\nexpect: { decision: ${decision} }`,
      );

    expect(await used('1.9', 'allow')).toEqual([]);
    expect(await used('1.95', 'deny')).toEqual([]);
  });

  test('that reads INFORMATION_SCHEMA is billed its minimum, whatever is given', async () => {
    const found = await differencesOf(
      'sql: SELECT table_name FROM d.INFORMATION_SCHEMA.TABLES\ngiven: { bytes: 0 B, budgets: { day: { used: 100% } } }\nexpect: { decision: deny, refused_by: day }',
    );
    expect(found).toEqual([]);
  });

  test('is billed according to the given number of tables and accuracy', async () => {
    const found = await differencesOf(
      'sql: SELECT a FROM d.v\ngiven: { bytes: 3 GiB, accuracy: UPPER_BOUND, tables: [p.d.a, p.d.b] }\nexpect: { decision: allow, rules: { large: audit } }',
    );
    expect(found).toEqual([]);
  });
});

test('a case is judged by the kind of table that it gives', async () => {
  const rule = `{ name: external, mode: audit, when: 'query.tables.exists(t, t.kind == "EXTERNAL")' }`;
  const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}\nrules:\n  - ${rule}\n` });
  const hit = (kind: string) =>
    differencesOf(
      `sql: SELECT a FROM p.d.t\ngiven: { table_definitions: { p.d.t: ${kind} } }\nexpect: { decision: allow, rules: { external: audit } }`,
      policy,
    );

  expect(await hit('{ kind: EXTERNAL }')).toEqual([]);
  expect(await hit('{}')).toEqual(['rules: external: audit | none']);
});

test('a case is judged by what is behind the views and functions that it defines', async () => {
  const rules = `
rules:
  - { name: outside, mode: audit, when: 'query.outside_services == ["AI.IF", "p.d.remote"]' }
  - { name: unread, mode: audit, when: 'query.unread_definitions == ["p.d.f"]' }
`;
  const policy = policyOf({ 'a.yaml': `${TEAMS}${PRICING}${rules}` });
  const given = `
  table_definitions: { p.d.v: { sql: SELECT p.d.f(a) FROM p.d.t } }
  routine_definitions: { p.d.f: { body: AI.IF(p.d.remote(x)) }, p.d.remote: { outside: true } }`;
  const differences = (definitions: string, rule: string) =>
    differencesOf(
      `sql: SELECT a FROM p.d.v\ngiven: ${definitions}\nexpect: { decision: allow, rules: { ${rule}: audit } }`,
      policy,
    );

  expect(await differences(given, 'outside')).toEqual([]);
  expect(
    await differences(given.replace(/\n.*routine_definitions.*/, '\n  tables: [p.d.t]'), 'unread'),
  ).toEqual([]);
});

test('a case is judged by the functions and procedures that it gives', async () => {
  const policy = policyOf({
    'a.yaml': `${TEAMS}${PRICING}
rules:
  - { name: remote, mode: audit, when: 'query.routines.exists(r, r.startsWith("p.remote."))' }
`,
  });
  const found = await differencesOf(
    'sql: SELECT a FROM d.t\ngiven: { routines: [p.remote.f] }\nexpect: { decision: allow, rules: { remote: audit } }',
    policy,
  );
  expect(found).toEqual([]);
});

test('the message of a refusal by a budget names only the rules that it goes by, and only the budgets that refuse', async () => {
  const policy = policyOf({
    'a.yaml': `${TEAMS}${PRICING}
rules:
  - { name: star, mode: audit, when: query.star }
  - { name: any, mode: audit, when: 'true' }
budgets:
  - { name: careful, team: finops, window: day, limit: 1 GiB, when_exceeded: { only: [star] } }
  - { name: watched, team: finops, window: day, limit: 1 GiB, when_exceeded: warn }
`,
  });
  const found = await differencesOf(
    'sql: SELECT * FROM d.t\ngiven: { bytes: 2 GiB }\nexpect: { decision: deny, refused_by: careful, message: { en: ["rule star (", matches this one, "of the budget that covers it:"] } }',
    policy,
  );
  expect(found).toEqual([]);
});

describe('the price of a case', () => {
  test('is by bytes if its script may leave the slots of its project, as in the proxy', async () => {
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

  test('is converted at the exchange rate in force at the time of the query', async () => {
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
