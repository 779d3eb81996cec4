import { expect, test } from 'vitest';
import { COLOURS, columnChart } from '../../../src/console/charts/days.ts';

const drawn = (parts: readonly (readonly number[])[]) =>
  columnChart({ names: ['1', '2'], parts, axis: String }, 'days');

test('parts that share a colour are drawn as their sum', () => {
  const own = Array.from({ length: COLOURS - 1 }, () => [1, 1]);

  expect(drawn([...own, [1, 2], [2, 0], [3, 5]])).toBe(drawn([...own, [6, 7]]));
});

test('parts that have a colour each are drawn each in its own', () => {
  const svg = drawn([
    [1, 2],
    [2, 1],
  ]);

  expect(svg).toContain('var(--c1)');
  expect(svg).toContain('var(--c2)');
  expect(svg).not.toMatch(/<style| style="/);
});
