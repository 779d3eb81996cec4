import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../../src/caller/hints.ts';
import { leadingRemarkOf, withoutLeadingRemark } from '../../../src/caller/remarks/leading-remark.ts';

const KEY = /^[a-z][a-z0-9_-]{0,62}$/;
const VALUE = /^[\p{Ll}\p{Lo}\p{N}_-]{0,63}$/u;
const HASH = '0cc175b9c0f1b6a831c399e269772661';

const text = fc.oneof(
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 80 }),
);
const value = fc.oneof(text, fc.constantFrom('*/', '/*', "'", '\n', '\r', "' OR 1 --", ', ', ': ', '\u2028'));

/** A remark as each tool would write it, with arbitrary values. */
const remark = fc.oneof(
  fc.tuple(value, value).map(([user, hash]) => `-- Metabase:: userID: ${user} queryHash: ${hash}\n`),
  fc
    .tuple(value, value)
    .map(([user, id]) => `/* Username: ${user}, query_id: ${id}, Query Hash: ${HASH}, Scheduled: False */ `),
  fc
    .record({
      user_id: fc.oneof(value, fc.integer(), fc.double()),
      history_slug: value,
      instance_slug: value,
    })
    .map((context) => `-- Looker Query Context '${JSON.stringify(context)}'\n`),
  value.map((user) => `-- [SQL LAB] ${user} 2026-11-18T10:00:00.123456\n`),
  value.map((node) => `/* ${JSON.stringify({ app: 'dbt', node_id: node })} */\n`),
);
const sql = fc.oneof(
  text,
  fc.tuple(remark, text).map((parts) => parts.join('')),
  fc.tuple(text, remark, text).map((parts) => parts.join('')),
  fc.tuple(remark, remark, text).map((parts) => parts.join('')),
);

/** Whether this is exactly one comment as BigQuery reads it, with its line feed or at most one space after it. */
function isOneComment(piece: string): boolean {
  if (piece.startsWith('--')) return /^--[^\r\n]*\n$/.test(piece);
  const end = piece.indexOf('*/', 2);
  return piece.startsWith('/*') && /^(?: ?)$/.test(piece.slice(end + 2)) && end !== -1;
}

describe('a remark', () => {
  test('is one comment at the very start of the SQL, and nothing else is ever removed', () => {
    fc.assert(
      fc.property(sql, (given) => {
        const found = leadingRemarkOf(given);
        if (found === null) return;

        expect(isOneComment(found.text)).toBe(true);
        expect(found.text + withoutLeadingRemark(given, found)).toBe(given);
      }),
      { numRuns: 2000 },
    );
  });

  test('is found above any query, and leaves the query unchanged', () => {
    const written = '-- Metabase:: userID: 12 queryHash: 0a1b\n';

    fc.assert(
      fc.property(text, (query) => {
        const found = leadingRemarkOf(written + query);

        expect(found && withoutLeadingRemark(written + query, found)).toBe(query);
      }),
    );
  });

  test('gives labels that are valid for BigQuery, whatever it contains', () => {
    const own = fc.dictionary(fc.stringMatching(KEY), fc.stringMatching(/^[a-z0-9_-]{0,63}$/), {
      maxKeys: 64,
    });

    fc.assert(
      fc.property(sql, own, (given, labels) => {
        const added = hintsOf({ sql: given, labels, userAgent: null }).remark?.labels ?? {};

        for (const [key, label] of Object.entries(added)) {
          expect(key).toMatch(KEY);
          expect(label).toMatch(VALUE);
          expect(labels).not.toHaveProperty([key]);
        }
        expect(Object.keys(added).length).toBeLessThanOrEqual(Math.max(0, 62 - Object.keys(labels).length));
      }),
      { numRuns: 2000 },
    );
  });

  test('gives short and well-formed hints, whatever the request', () => {
    const labels = fc.dictionary(
      fc.constantFrom(
        'guardrail_person',
        'looker-context-user_id',
        'x-panel-id',
        'app',
        'node_id',
        '__proto__',
      ),
      fc.string({ unit: 'binary', maxLength: 300 }),
    );

    fc.assert(
      fc.property(sql, labels, fc.option(text), (given, own, userAgent) => {
        const { tool, person, dashboard, card } = hintsOf({ sql: given, labels: own, userAgent }).hints;

        for (const hint of [tool, person, dashboard, card]) {
          expect(hint === null || (hint.length <= 128 && hint.isWellFormed())).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
