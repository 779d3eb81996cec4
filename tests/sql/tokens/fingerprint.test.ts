import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { fingerprintOf } from '../../../src/sql/tokens/fingerprint.ts';

describe('the fingerprint', () => {
  const base = "SELECT a, b FROM `p.e.t` WHERE x IN (1, 2) AND y = 'z'";

  test.each([
    "select a,b\nfrom `p.e.t` where x in (3,4,5) and y = 'other'",
    "SELECT a, b /* why */ FROM `p.e.t` -- here\nWHERE x IN (1) AND y = r'''raw''';",
    '# remark\nSELECT a, b FROM `p.e.t` WHERE x IN (1e3, 0x1F) AND y = """long\ntext"""',
  ])('is the same for %j', (sql) => {
    expect(fingerprintOf(sql)).toBe(fingerprintOf(base));
  });

  test.each([base.replace('p.e.t', 'p.e.u'), base.replace('a, b', 'a, c'), base.replace('AND', 'OR')])(
    'differs for %j',
    (sql) => {
      expect(fingerprintOf(sql)).not.toBe(fingerprintOf(base));
    },
  );

  test('does not depend on the literals in a query', () => {
    const literal = fc.oneof(
      fc.nat().map(String),
      fc.string().map((text) => JSON.stringify(text)),
    );

    fc.assert(
      fc.property(literal, literal, (one, other) => {
        expect(fingerprintOf(`SELECT x FROM t WHERE y = ${one}`)).toBe(
          fingerprintOf(`SELECT x FROM t WHERE y = ${other}`),
        );
      }),
    );
  });
});
