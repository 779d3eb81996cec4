import { Dialect, parse } from '@polyglot-sql/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAntiPatterns } from '../../../src/sql/antipatterns/find-antipatterns.ts';
import type { Expression } from '../../../src/sql/syntax/syntax-parts.ts';
import { CASES } from './cases/cases.ts';
import { DEFAULTS, unmarked } from './find.ts';

/** Run more of them with `FUZZ_RUNS=100000`. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const known = Object.values(CASES).flatMap(({ found, notFound }) => [
  ...found.map((marked) => unmarked(marked).sql),
  ...notFound,
]);

/** Odd SQL: a known query with parts cut out, doubled, or replaced by parts of another. */
const oddSql = fc
  .tuple(
    fc.constantFrom(...known),
    fc.constantFrom(...known),
    fc.nat(400),
    fc.nat(400),
    fc.nat(400),
    fc.nat(400),
  )
  .map(([one, other, a, b, c, d]) => {
    const [from, to] = [Math.min(a, b), Math.max(a, b)];
    return one.slice(0, from) + other.slice(Math.min(c, d), Math.max(c, d)) + one.slice(to);
  });

/** The findings in SQL; none in SQL that the parser cannot read. */
function findingsOf(sql: string) {
  const { success, ast } = parse(sql, Dialect.BigQuery);
  return success && Array.isArray(ast) ? findAntiPatterns(sql, ast, DEFAULTS).findings : [];
}

/** A syntax tree with one of its parts replaced or missing, as no parser should return it. */
function damaged(tree: unknown, seed: number): unknown {
  let left = seed;
  const damage = (part: unknown): unknown => {
    if (typeof part !== 'object' || part === null) return part;
    left -= 1;
    if (left === 0) return [null, {}, [], 'text', 7][seed % 5];
    if (Array.isArray(part)) return part.map(damage);
    return Object.fromEntries(Object.entries(part).map(([key, value]) => [key, damage(value)]));
  };
  return damage(tree);
}

test(
  'every finding in odd SQL has a place within the SQL',
  () => {
    let seen = 0;
    fc.assert(
      fc.property(oddSql, (sql) => {
        for (const { span } of findingsOf(sql)) {
          seen += 1;
          expect(span.start).toBeGreaterThanOrEqual(0);
          expect(span.end).toBeGreaterThan(span.start);
          expect(span.end).toBeLessThanOrEqual(sql.length);
        }
      }),
      { numRuns: RUNS },
    );
    expect(seen).toBeGreaterThan(0);
  },
  Math.max(60_000, RUNS * 20),
);

test('multi-byte characters before a query shift every finding by their length and change nothing else', () => {
  fc.assert(
    fc.property(fc.constantFrom(...known), fc.stringMatching(/^[é👍ãx ]{0,20}$/u), (sql, letters) => {
      const before = `/* ${letters} */ `;

      const moved = findingsOf(before + sql);

      const here = findingsOf(sql);
      expect(moved).toEqual(
        here.map(({ span, ...rest }) => ({
          ...rest,
          span: { start: span.start + before.length, end: span.end + before.length },
        })),
      );
    }),
    { numRuns: 60 },
  );
}, 60_000);

test(
  'no syntax tree, however odd, makes the search throw',
  () => {
    fc.assert(
      fc.property(fc.constantFrom(...known), fc.integer({ min: 1, max: 150 }), (sql, seed) => {
        const { ast } = parse(sql, Dialect.BigQuery);
        const tree = damaged(ast, seed);
        const statements = (Array.isArray(tree) ? tree : [tree]) as readonly Expression[];

        expect(Array.isArray(findAntiPatterns(sql, statements, DEFAULTS).findings)).toBe(true);
      }),
      { numRuns: Math.max(200, RUNS) },
    );
  },
  Math.max(60_000, RUNS * 20),
);

test('an anti-pattern that cannot be searched in an odd tree is listed as such, and others are still found', () => {
  const sql = "SELECT * FROM d.t WHERE REGEXP_CONTAINS(a, 'b')";
  const { ast } = parse(sql, Dialect.BigQuery);
  // The arguments of REGEXP_CONTAINS are removed; the rest is unchanged.
  const odd = JSON.parse(JSON.stringify(ast).replace(/"args":\[.*?\],"distinct"/, '"args":null,"distinct"'));

  const { findings, notSearched } = findAntiPatterns(sql, odd, DEFAULTS);

  expect(findings.map(({ name }) => name)).toContain('select-star');
  expect(notSearched).toEqual(['regexp-where-like-serves']);
});
