import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type JsonExtent, jsonExtent } from '../../../../src/proxy/request/job/json-extent.ts';

const ANY: JsonExtent = { levels: Number.POSITIVE_INFINITY, parts: Number.POSITIVE_INFINITY };
const extent = (text: string, most = ANY) => jsonExtent(Buffer.from(text), most);

function levelsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  return 1 + Math.max(0, ...Object.values(value).map(levelsOf));
}

test('the levels of any JSON are counted exactly', () => {
  fc.assert(
    fc.property(fc.jsonValue({ maxDepth: 8 }), (value) => {
      expect(extent(JSON.stringify(value)).levels).toBe(levelsOf(value));
    }),
  );
});

test.each([
  ['{"a": [1, 2, {"b": 3}]}', { levels: 3, parts: 5 }],
  ['"[[[,,,"', { levels: 0, parts: 0 }],
  ['["\\"[[", "\\\\", [1]]', { levels: 2, parts: 4 }],
  ['["open [[[', { levels: 1, parts: 1 }],
  ['', { levels: 0, parts: 0 }],
])('the levels and parts of %s are counted', (text, expected) => {
  expect(extent(text)).toEqual(expected);
});

test('counting stops just past a limit', () => {
  expect(extent('['.repeat(1_000), { levels: 10, parts: 100 }).levels).toBe(11);
  expect(extent(`[${'1,'.repeat(1_000)}1]`, { levels: 10, parts: 100 }).parts).toBe(101);
});
