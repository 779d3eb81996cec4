import { expect, test } from 'vitest';
import { errorsIn, PRICING, policyOf, TEAMS } from '../builders.ts';

const CATALOG = `
catalog:
  tables:
    - { table: p.d.old_*, status: legacy, replacement: p.d.new }
    - { table: p.d.old_copy, status: legacy, replacement: p.d.new, replacement_result: same }
    - { table: p.d.new, status: governed }
`;

test.each([
  ['p.d.old_export', { table: 'p.d.new', result: 'changed' }],
  ['p.d.old_copy', { table: 'p.d.new', result: 'same' }],
  ['p.d.new', null],
  ['p.d.unknown', null],
])(
  'the catalog says what to read in place of %s, and vouches for the result only where it says so',
  (table, replacement) => {
    const policy = policyOf({ 'base.yaml': TEAMS + PRICING, 'catalog.yaml': CATALOG });

    expect(policy.replacementOf(table)).toEqual(replacement);
  },
);

test('the catalog’s entries are all told, patterns among them, in the order of the files', () => {
  const policy = policyOf({ 'base.yaml': TEAMS + PRICING, 'catalog.yaml': CATALOG });

  expect(policy.catalogEntries.map(({ table, status, replacement }) => [table, status, replacement])).toEqual(
    [
      ['p.d.old_*', 'legacy', 'p.d.new'],
      ['p.d.old_copy', 'legacy', 'p.d.new'],
      ['p.d.new', 'governed', null],
    ],
  );
});

test('a result that is neither the same nor changed is an error', () => {
  const [error] = errorsIn(
    'version: 1\ncatalog:\n  tables:\n    - { table: p.d.a, replacement: p.d.b, replacement_result: equal }\n',
  );

  expect(error).toContain('replacement_result');
});
