import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createFieldScanner } from '../../../src/proxy/answer/field-scanner.ts';

const WANTED = ['a', 'b.c', 'status.errorResult.reason', 'totalBytesBilled'];

function scan(json: string, chunkSizes: readonly number[] = [json.length]): Record<string, string> {
  const scanner = createFieldScanner(WANTED);
  const bytes = Buffer.from(json);
  let at = 0;
  for (const size of chunkSizes) {
    scanner.write(bytes.subarray(at, at + size));
    at += size;
  }
  scanner.write(bytes.subarray(at));
  return Object.fromEntries(scanner.fields);
}

describe('the field scanner', () => {
  test('finds the wanted scalars at any position and depth, whether numbers or strings', () => {
    const found = scan(
      '{"b": {"x": 1, "c": "deep"}, "rows": [{"f": [{"v": "1"}]}], "a": 12, "totalBytesBilled": "99"}',
    );

    expect(found).toEqual({ 'b.c': 'deep', a: '12', totalBytesBilled: '99' });
  });

  test('is not fooled by wanted names inside rows, strings or other objects', () => {
    const json = JSON.stringify({
      rows: [{ a: 'row', totalBytesBilled: '1' }, [{ a: 'nested' }]],
      text: '"a": "quoted", {"totalBytesBilled": 5',
      other: { a: 'elsewhere', totalBytesBilled: '7' },
      a: 'true one',
    });

    expect(scan(json)).toEqual({ a: 'true one' });
  });

  test('reads escapes in values and in keys', () => {
    expect(scan('{"\\u0061": "line\\nbreak \\"quoted\\""}')).toEqual({ a: 'line\nbreak "quoted"' });
  });

  test('returns the fields that arrived before an answer breaks off', () => {
    expect(scan('{"a": true, "rows": [{"f": [{"v": "trunc')).toEqual({ a: 'true' });
  });

  test('finds the same fields however an answer is split into chunks', () => {
    const value = fc.record({
      a: fc.oneof(fc.string(), fc.integer(), fc.boolean()),
      b: fc.record({ c: fc.string(), d: fc.jsonValue() }),
      rows: fc.array(fc.jsonValue()),
      totalBytesBilled: fc.bigInt({ min: 0n }).map(String),
    });

    fc.assert(
      fc.property(value, fc.array(fc.nat(7)), (answer, sizes) => {
        const found = scan(JSON.stringify(answer), sizes);

        expect(found).toEqual({
          a: String(answer.a),
          'b.c': answer.b.c,
          totalBytesBilled: answer.totalBytesBilled,
        });
      }),
    );
  });

  test('finds what a JSON parser finds, whatever rows and other objects contain and however they are split into chunks', () => {
    const tricky = fc.string({
      unit: fc.constantFrom('"', '\\', '[', ']', '{', '}', ',', ':', 'a', 'é', '\n'),
    });
    const { cell } = fc.letrec((tie) => ({
      cell: fc.oneof(
        { depthSize: 'small' },
        tricky,
        fc.integer(),
        fc.constant(null),
        tie('list'),
        tie('record'),
      ),
      list: fc.array(tie('cell')),
      record: fc.dictionary(fc.oneof(tricky, fc.constantFrom('a', 'b', 'totalBytesBilled')), tie('cell')),
    }));
    const members = fc.array(
      fc.oneof(
        fc.tuple(fc.constant('rows'), fc.array(cell)),
        fc.tuple(fc.constant('other'), fc.dictionary(tricky, cell)),
        fc.tuple(fc.constantFrom('a', 'totalBytesBilled'), fc.oneof(tricky, fc.integer())),
      ),
    );

    fc.assert(
      fc.property(members, fc.array(fc.nat(9)), fc.boolean(), (answer, sizes, isPretty) => {
        const { rows: _rows, other: _other, ...scalars } = Object.fromEntries(answer);
        const json = JSON.stringify(Object.fromEntries(answer), null, isPretty ? 2 : 0);

        const expected = Object.entries(scalars).map(([key, value]) => [key, String(value)]);
        expect(scan(json, sizes)).toEqual(Object.fromEntries(expected));
      }),
    );
  });

  test('leaves out a value that is too long to be one that is looked for, however it is split into chunks', () => {
    const json = JSON.stringify({ a: 'x'.repeat(5000), b: { c: 'y'.repeat(4000) }, totalBytesBilled: '9' });

    const expected = { 'b.c': 'y'.repeat(4000), totalBytesBilled: '9' };
    expect(scan(json)).toEqual(expected);
    expect(scan(json, [3000, 1500, 2000])).toEqual(expected);
  });
});
