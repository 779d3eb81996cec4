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
  'the catalog gives the replacement of %s, with result "same" only if the entry says so',
  (table, replacement) => {
    const policy = policyOf({ 'base.yaml': TEAMS + PRICING, 'catalog.yaml': CATALOG });

    expect(policy.replacementOf(table)).toEqual(replacement);
  },
);

test('of two patterns that match a table, the longer one counts, in whatever order they stand', () => {
  const wide = '    - { table: p.d.*, status: legacy, replacement: p.d.wide }\n';
  const narrow = '    - { table: p.d.old_*, status: legacy, replacement: p.d.narrow }\n';

  for (const entries of [wide + narrow, narrow + wide]) {
    const policy = policyOf({
      'base.yaml': TEAMS + PRICING,
      'catalog.yaml': `catalog:\n  tables:\n${entries}`,
    });
    expect(policy.replacementOf('p.d.old_export')?.table).toBe('p.d.narrow');
  }
});

test('all entries of the catalog are listed, including patterns, in file order', () => {
  const policy = policyOf({ 'base.yaml': TEAMS + PRICING, 'catalog.yaml': CATALOG });

  expect(policy.catalogEntries.map(({ table, status, replacement }) => [table, status, replacement])).toEqual(
    [
      ['p.d.old_*', 'legacy', 'p.d.new'],
      ['p.d.old_copy', 'legacy', 'p.d.new'],
      ['p.d.new', 'governed', null],
    ],
  );
});

test('a replacement_result other than same or changed is an error', () => {
  const [error] = errorsIn(
    'version: 1\ncatalog:\n  tables:\n    - { table: p.d.a, replacement: p.d.b, replacement_result: equal }\n',
  );

  expect(error).toContain('replacement_result');
});
