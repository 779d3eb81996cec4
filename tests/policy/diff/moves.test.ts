import { describe, expect, test } from 'vitest';
import { diffPolicies } from '../../../src/policy/diff/diff.ts';
import { PRICING } from '../builders.ts';
import { sectionsOf } from './changes.ts';

/** Two teams, each with a pattern, in their order. */
function patterns(...teams: readonly (readonly [string, string])[]) {
  const entries = teams.map(([name, pattern]) => `  - { name: ${name}, principals: ["${pattern}"] }\n`);
  return sectionsOf(`teams:\n${entries.join('')}`, PRICING);
}

describe('who comes into another team is told where only the order of patterns changed', () => {
  test.each([
    ['of which one holds the other', '*.example', '*@x.example'],
    ['of which each holds some of the other', 'metabase*', 'metabase@x.example'],
  ])('%s', (_, pattern, moved) => {
    const [a, b] = [['a', '*@x.example'] as const, ['b', pattern] as const];
    const diff = diffPolicies(patterns(a, b), patterns(b, a));
    expect(diff.changes).toEqual([]);
    expect(diff.moves).toEqual([{ principal: moved, before: 'a', after: 'b' }]);
  });
});
