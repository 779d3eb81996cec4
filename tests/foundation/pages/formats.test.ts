import { expect, test } from 'vitest';
import { formatCountOf } from '../../../src/foundation/pages/formats.ts';

const QUERIES = { one: 'consulta', other: 'consultas' };

test.each([
  [0, '0 consultas'],
  [1, '1 consulta'],
  [2, '2 consultas'],
  [1_234, '1.234 consultas'],
])('in Portuguese, %i of something is written as %s', (count, expected) => {
  expect(formatCountOf(count, 'pt-BR', QUERIES)).toBe(expected);
});
