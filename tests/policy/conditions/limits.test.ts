import { Environment } from '@marcbachmann/cel-js';
import { describe, expect, test } from 'vitest';
import { meteredExpression } from '../../../src/policy/conditions/metering.ts';
import { errorsIn, policyWithRules, type QueryOptions, question } from '../builders.ts';

const metered = (expression: string) =>
  meteredExpression(expression, new Environment().parse(expression).ast);

/** A query that reads this many tables. */
function over(tables: number): QueryOptions {
  return { references: Array.from({ length: tables }, (_, index) => `project.dataset.table_${index}`) };
}

function decide(rule: string, options: QueryOptions) {
  const ruleErrors: { rule: string; message: string }[] = [];
  const policy = policyWithRules(`  - { name: r, message: m, ${rule} }\n`, ruleErrors);
  return { verdict: policy.decide(question(policy, options)), ruleErrors };
}

describe('an expression', () => {
  test.each([
    ['a.exists(t, t.x)', 'a.metered(4).exists(t, t.x)'],
    ['(a) . exists( t , (t.x || t.y))', '(a) .metered(7). exists( t , (t.x || t.y))'],
    ['a.map(t, t.b, t.c)', 'a.metered(6).map(t, t.b, t.c)'],
    [
      'a.filter(t, t.b.exists(c, c == 1)).size() > 0',
      'a.metered(5).filter(t, t.b.metered(5).exists(c, c == 1)).size() > 0',
    ],
    ['a.filter(t, t.x).map(t, t.y)', 'a.metered(4).filter(t, t.x).metered(4).map(t, t.y)'],
    ['a.exists(t, "c" in t.b)', 'a.metered(55).exists(t, "c" in t.b)'],
  ])('has each list macro metered by the work it does for an item: %s', (expression, expected) => {
    expect(metered(expression)).toBe(expected);
  });

  const rule = (when: string) => `version: 1\nrules:\n  - name: r\n    mode: audit\n    when: ${when}\n`;
  const deep = (depth: number): string =>
    depth === 0 ? 'true' : `query.tables.exists(t${depth}, ${deep(depth - 1)})`;

  test.each([
    ["caller.person.matches('(a+)+$')", '5:11', 'matches is not available; expected startsWith, endsWith'],
    ['query.read && cel.bind(x, 1, x == 1)', '5:25', 'bind is not available'],
    [deep(4), '5:83', 'lists are walked 4 deep; expected 3 deep at most'],
  ])('that cannot be bounded is an error: %s', (when, place, problem) => {
    const [error, ...others] = errorsIn(rule(when));

    expect(others).toEqual([]);
    expect(error).toContain(`policies/a.yaml:${place}: rule r: the expression cannot be bounded: ${problem}`);
  });

  test.each([
    ['too deep', `${'('.repeat(200)}true${')'.repeat(200)}`],
    ['too long', Array.from({ length: 3_000 }, () => 'true').join(' && ')],
  ])('that is %s is an error', (_, when) => {
    expect(errorsIn(rule(when))).toEqual([expect.stringContaining('is not valid: ')]);
  });

  test('may nest list macros up to three deep', () => {
    expect(errorsIn(rule(deep(3)))).toEqual([]);
  });
});

describe('a condition that takes too long for a query', () => {
  const nested =
    'when: "query.tables.all(a, query.tables.all(b, query.tables.all(c, a.name != b.name || c.star || true)))"';

  test('is stopped and reported, and follows its on_error', () => {
    const options = over(60);

    expect(decide(`mode: deny, ${nested}`, options)).toMatchObject({
      verdict: { outcome: 'deny' },
      ruleErrors: [{ rule: 'r', message: 'the condition failed: it takes more than 100000 steps' }],
    });
    expect(decide(`mode: deny, on_error: audit, ${nested}`, options).verdict).toMatchObject({
      outcome: 'allow',
      hits: [{ mode: 'audit' }],
    });
    expect(decide(`mode: warn, on_error: allow, ${nested}`, options).verdict.hits).toEqual([]);
  });

  test('is evaluated as usual for a query with few tables', () => {
    expect(decide(`mode: deny, ${nested}`, over(10))).toMatchObject({
      verdict: { outcome: 'deny', hits: [{ message: 'm' }] },
      ruleErrors: [],
    });
  });

  test('counts as failed even where CEL would absorb the error', () => {
    const either =
      'when: "query.tables.all(a, query.tables.all(b, a.name != b.name || b.star || true)) || true"';

    expect(decide(`mode: deny, ${either}`, over(200)).ruleErrors).toHaveLength(1);
  });
});

test('a query over more tables than BigQuery accepts fails every condition, so that it cannot evade a rule', () => {
  const { verdict, ruleErrors } = decide('mode: deny, when: query.star', over(1_001));

  expect(decide('mode: deny, when: query.star', over(1_000)).ruleErrors).toEqual([]);
  expect(verdict.outcome).toBe('deny');
  expect(ruleErrors[0]?.message).toContain('the query names 1001 tables');
});

test.each(['projected', 'filtered', 'tested', 'joined', 'grouped'] as const)(
  'a query with more columns %s than rules can be held against fails every condition',
  (use) => {
    const ruleErrors: { rule: string; message: string }[] = [];
    const policy = policyWithRules('  - { name: r, message: m, mode: deny, when: query.star }\n', ruleErrors);
    const { reading, ...asked } = question(policy, { sql: 'SELECT a FROM t' });
    const using = (columns: number) => {
      const named = Array.from({ length: columns }, (_, index) => `c${index}`);
      const tables = reading.tables.map((table) => ({ ...table, projected: [], [use]: named }));
      return policy.decide({ ...asked, reading: { ...reading, tables } }).outcome;
    };

    expect(using(11_000)).toBe('allow');
    expect(ruleErrors).toEqual([]);
    expect(using(11_001)).toBe('deny');
    expect(ruleErrors[0]?.message).toContain('11001 columns');
  },
);

test('a message is cut off at 4,000 characters', () => {
  const ruleErrors: { rule: string; message: string }[] = [];
  const message = `$\{query.tables.map(t, t.name).join(", ")}`;
  const policy = policyWithRules(
    `  - { name: r, mode: warn, when: "true", message: '${message}' }
`,
    ruleErrors,
  );

  const [hit] = policy.decide(question(policy, over(900))).hits;

  expect(ruleErrors).toEqual([]);
  expect(hit?.message).toHaveLength(4_001);
  expect(hit?.message).toMatch(/^project\.dataset\.table_0, .*…$/);
});

test('nested list macros are stopped for a query over the 1,000 tables that BigQuery accepts', () => {
  const walks = [
    'query.tables.all(a, query.tables.all(b, query.tables.all(c, true)))',
    'query.tables.map(a, query.tables.map(b, a.name + b.name)).size() > 0',
    'query.tables.all(a, query.tables.all(b, a.name in b.projected || true))',
    'query.tables.all(a, query.reads("*a*b*c*") || true)',
  ];
  for (const walk of walks) {
    expect(decide(`mode: audit, when: '${walk}'`, over(1_000)).ruleErrors).toHaveLength(1);
  }
});
