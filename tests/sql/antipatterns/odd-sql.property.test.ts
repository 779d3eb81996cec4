import { Dialect, parse } from '@polyglot-sql/sdk';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { findAntiPatterns } from '../../../src/sql/antipatterns/find-antipatterns.ts';
import type { Expression } from '../../../src/sql/syntax/syntax-parts.ts';
import { CASES } from './cases/cases.ts';
import { DEFAULTS, unmarked } from './find.ts';

/** More of them by `FUZZ_RUNS=100000`. */
const RUNS = Number(process.env['FUZZ_RUNS'] ?? 100);

const known = Object.values(CASES).flatMap(({ found, notFound }) => [
  ...found.map((marked) => unmarked(marked).sql),
  ...notFound,
]);

/** SQL as it may come: a known query with parts cut out, doubled, or replaced by parts of another. */
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

/** What is found in SQL, nothing in such as the parser does not read. */
function findingsOf(sql: string) {
  const { success, ast } = parse(sql, Dialect.BigQuery);
  return success && Array.isArray(ast) ? findAntiPatterns(sql, ast, DEFAULTS).findings : [];
}

/** A syntax tree with one of its parts taken for another, or gone: what no parser should give. */
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
  'every finding in odd SQL stands inside of it',
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

test('letters of many bytes before a query move every finding by their length and change nothing else', () => {
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
  'no tree, however odd, makes it throw',
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

test('an anti-pattern that a tree is too odd for is told of as unsought, and leaves the others found', () => {
  const sql = "SELECT * FROM d.t WHERE REGEXP_CONTAINS(a, 'b')";
  const { ast } = parse(sql, Dialect.BigQuery);
  // A regular expression whose arguments are gone, and the rest as it was.
  const odd = JSON.parse(JSON.stringify(ast).replace(/"args":\[.*?\],"distinct"/, '"args":null,"distinct"'));

  const { findings, notSearched } = findAntiPatterns(sql, odd, DEFAULTS);

  expect(findings.map(({ name }) => name)).toContain('select-star');
  expect(notSearched).toEqual(['regexp-where-like-serves']);
});
