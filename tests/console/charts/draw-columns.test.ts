import { expect, test } from 'vitest';
import { COLOURS } from '../../../src/console/charts/columns.ts';
import { drawColumns } from '../../../src/console/charts/draw-columns.ts';

const drawn = (parts: readonly (readonly bigint[])[], unit = 'USD') =>
  drawColumns({ id: 'days', language: 'en', names: ['1', '2'], unit, parts });

test('parts beyond the number of colours are drawn together as their sum', () => {
  const own = Array.from({ length: COLOURS - 1 }, () => [1n, 1n]);

  expect(drawn([...own, [1n, 2n], [2n, 0n], [3n, 5n]])).toBe(drawn([...own, [6n, 7n]]));
});

test('parts up to the number of colours are each drawn in their own colour', () => {
  const svg = drawn([
    [1n, 2n],
    [2n, 1n],
  ]);

  expect(svg).toContain('var(--c1)');
  expect(svg).toContain('var(--c2)');
  expect(svg).not.toMatch(/<style| style="/);
});

test.each([
  ['USD', [2_000_000n, 4_000_000n], '$4.00'],
  ['BRL', [2_000_000n, 4_000_000n], 'R$4.00'],
  ['bytes', [2n << 30n, 4n << 30n], '4 GiB'],
] as const)('the axis is written in %s', (unit, part, expected) => {
  expect(drawn([part], unit)).toContain(expected);
});
