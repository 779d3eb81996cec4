import { describe, expect, test } from 'vitest';
import { loadPolicy } from '../../../src/policy/load.ts';
import { coverageOf, percentHit } from '../../../src/rehearsal/cases/coverage.ts';
import { readCases } from '../../../src/rehearsal/cases/read-cases.ts';
import { runCase } from '../../../src/rehearsal/cases/run-case.ts';
import { NOW, outcomesOf } from './outcomes.ts';

test('coverage counts the hits and misses of each rule, and the percentage of rules hit', async () => {
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

  test('hit every rule, and miss every rule that has a condition', async () => {
    const coverage = coverageOf(await Promise.all(cases.map((one) => runCase(examples, one, NOW))));
    expect(coverage.filter(({ hits }) => hits === 0)).toEqual([]);
    expect(coverage.filter(({ misses, isUnconditional }) => misses === 0 && !isUnconditional)).toEqual([]);
  });
});
