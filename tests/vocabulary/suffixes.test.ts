import { expect, test } from 'vitest';
import { isExcluded, type SuffixCondition } from '../../src/vocabulary/suffixes.ts';

test.each<[string, SuffixCondition, boolean]>([
  ['20250131', { atLeast: '20260101' }, true],
  ['20260101', { atLeast: '20260101' }, false],
  ['intraday_20260101', { atMost: '20260131' }, true],
  ['20260131', { atMost: '20260131' }, false],
  ['a', { oneOf: ['b', 'c'] }, true],
  ['c', { oneOf: ['b', 'c'] }, false],
  ['2025', { begins: '2026' }, true],
  ['20260101', { begins: '2026' }, false],
  ['2025*', { atLeast: '20260101' }, true],
  ['2026*', { atLeast: '20260101' }, false],
  ['*', { atLeast: '20260101' }, false],
  ['2027*', { atMost: '20260131' }, true],
  ['2026*', { atMost: '20260131' }, false],
  ['2025*', { oneOf: ['20260101'] }, true],
  ['2026*', { oneOf: ['20260101'] }, false],
  ['2025*', { begins: '2026' }, true],
  ['20*', { begins: '2026' }, false],
  ['2026_*', { begins: '2026' }, false],
  ['ano_é', { oneOf: ['b'] }, false],
  ['a', { atLeast: 'é' }, false],
])('whether suffix %s is excluded by %j: %s', (suffix, condition, excluded) => {
  expect(isExcluded(suffix, [condition])).toBe(excluded);
});
