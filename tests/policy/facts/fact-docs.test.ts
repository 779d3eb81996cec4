import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { compileCondition, compileText } from '../../../src/policy/conditions/conditions.ts';
import { FACT_TYPES } from '../../../src/policy/facts/fact-types.ts';
import { errorsIn } from '../builders.ts';

const page = await readFile('docs/facts.md', 'utf8');

/** Each fact in the documentation's table, with its type. */
const documented = new Map(
  [...page.matchAll(/^\| `([^`]+)` \| ([^|]+) \|/gm)].map(([, fact, type]) => [fact, plain(type)]),
);

function plain(type = ''): string {
  return type.trim().replace('&lt;', '<').replace('&gt;', '>');
}

/** How the documentation writes a value of each type, before the field's name. */
const WRITTEN = {
  Query: 'query',
  Table: 't',
  Caller: 'caller',
  Now: 'now',
  History: 'history',
  Budget: 'budget(name)',
} as const;

const FUNCTIONS = { 'query.reads(name)': 'bool', 'mib(n)': 'int', 'gib(n)': 'int', 'tib(n)': 'int' };

describe('the table of facts', () => {
  test('lists exactly the facts that exist, with their types', () => {
    const facts = Object.entries(FACT_TYPES).flatMap(([type, fields]) =>
      Object.entries(fields).map(([name, kind]) => [
        `${WRITTEN[type as keyof typeof WRITTEN]}.${name}`,
        kind,
      ]),
    );
    expect(Object.fromEntries(documented)).toEqual({ ...Object.fromEntries(facts), ...FUNCTIONS });
  });

  test.each([...documented])('says truly that in a condition %s is %s', (fact = '', type) => {
    const written = fact
      .replace(/^t\./, 'query.tables[0].')
      .replace('(name)', '("some.name")')
      .replace('(n)', '(1)');
    const compares = type === 'bool' ? written : `${written} == ${EXAMPLES[type ?? ''] ?? 'missing'}`;
    expect(compileCondition(compares)).toEqual(expect.any(Function));
  });

  const examples = [...page.matchAll(/```yaml\n(.*?)```/gs)].map(([, example = '']) => example);

  test.each(examples)('is followed by examples that load: %#', (example) => {
    const budget = 'budgets: [{ name: atendimento-day, team: atendimento, window: day, limit: 1 GiB }]\n';
    expect(errorsIn(`version: 1\n${budget}${example}`)).toEqual([]);
  });
});

test('an expression in a message may use facts', () => {
  expect(compileText('string(budget("x").left)')).toEqual(expect.any(Function));
});

const EXAMPLES: Readonly<Record<string, string>> = {
  string: '"x"',
  int: '1',
  double: '1.0',
  'list<string>': '["x"]',
  'list<Table>': 'query.tables',
};
