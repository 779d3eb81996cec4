import { expect, test } from 'vitest';
import { COLOURS, columnChart } from '../../../src/console/charts/days.ts';

const drawn = (parts: readonly (readonly number[])[]) =>
  columnChart({ names: ['1', '2'], parts, axis: String }, 'days');

test('parts beyond the number of colours are drawn together as their sum', () => {
  const own = Array.from({ length: COLOURS - 1 }, () => [1, 1]);

  expect(drawn([...own, [1, 2], [2, 0], [3, 5]])).toBe(drawn([...own, [6, 7]]));
});

test('parts up to the number of colours are each drawn in their own colour', () => {
  const svg = drawn([
    [1, 2],
    [2, 1],
  ]);

  expect(svg).toContain('var(--c1)');
  expect(svg).toContain('var(--c2)');
  expect(svg).not.toMatch(/<style| style="/);
});
