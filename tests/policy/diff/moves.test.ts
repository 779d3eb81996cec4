import { describe, expect, test } from 'vitest';
import { diffPolicies } from '../../../src/policy/diff/diff.ts';
import { PRICING } from '../builders.ts';
import { NOW_MS, sectionsOf } from './changes.ts';

/** Teams with a pattern each, in this order. */
function patterns(...teams: readonly (readonly [string, string])[]) {
  const entries = teams.map(([name, pattern]) => `  - { name: ${name}, principals: ["${pattern}"] }\n`);
  return sectionsOf(`teams:\n${entries.join('')}`, PRICING);
}

describe('a principal that moves to another team because of the order of patterns alone is listed', () => {
  test.each([
    ['if one pattern contains the other', '*.example', '*@x.example'],
    ['if the patterns overlap', 'metabase*', 'metabase@x.example'],
  ])('%s', (_, pattern, moved) => {
    const [a, b] = [['a', '*@x.example'] as const, ['b', pattern] as const];
    const diff = diffPolicies(patterns(a, b), patterns(b, a), NOW_MS);
    expect(diff.changes).toEqual([]);
    expect(diff.moves).toEqual([{ principal: moved, before: 'a', after: 'b' }]);
  });
});
