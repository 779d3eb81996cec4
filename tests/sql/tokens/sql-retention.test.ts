import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { applyRetention } from '../../../src/sql/tokens/sql-retention.ts';

describe('SQL in the records', () => {
  const sql = "SELECT a FROM t WHERE b = 'Maria'";

  test('is unchanged if the retention is "stored"', () => {
    expect(applyRetention(sql, 'stored')).toBe(sql);
  });

  test('is a digest of its text if the retention is "hashed", and empty if there is no SQL', () => {
    expect(applyRetention(sql, 'hashed')).toBe(`sha256:${createHash('sha256').update(sql).digest('hex')}`);
    expect(applyRetention('', 'hashed')).toBe('');
  });

  test('is empty if the retention is "dropped"', () => {
    expect(applyRetention(sql, 'dropped')).toBe('');
  });
});

describe('masked SQL hides or keeps as intended:', () => {
  test.each([
    ['strings in single and double quotes', `SELECT 'a', "b"`, 'SELECT ?, ?'],
    ['strings over several lines', `SELECT '''a\n'b'\n''', """c\n"d" """`, 'SELECT ?, ?'],
    ['raw strings and bytes', `SELECT r'a\\', b"c", Rb'''d''', bR"e\\"`.replaceAll("\\'", "'"), undefined],
    ['escaped quotes', `SELECT 'a\\'Maria', "b\\"Maria"`, 'SELECT ?, ?'],
    ['numbers of every kind', 'SELECT 1, 2.5, .5, 3e-7, 0xFF', 'SELECT ?, ?, ?, ?, ?'],
    ['typed literals', `SELECT DATE '2026-11-25', NUMERIC '1.5'`, 'SELECT DATE ?, NUMERIC ?'],
    ['comments of every kind', 'SELECT a -- Maria\n, b # Maria\n, /* Maria */ c', 'SELECT a  \n, b  \n,   c'],
    ['an unclosed string', `SELECT a FROM t WHERE b = 'Maria AND c = 1`, 'SELECT a FROM t WHERE b = ?'],
    ['a string not closed on its line', `SELECT 'Maria\n, b`, 'SELECT ?'],
    ['an unclosed quoted name', 'SELECT a FROM `t WHERE b = 1', 'SELECT a FROM ?'],
    ['an unclosed comment', 'SELECT a /* Maria', 'SELECT a ?'],
    ['curly quotes, as word processors write them', 'SELECT a WHERE b = ‘Maria’', 'SELECT a WHERE b = ?'],
    [
      'names, and numbers in them',
      'SELECT t1.`a 2`, @p3 FROM `p-1.d.t_*`',
      'SELECT t1.`a 2`, @p3 FROM `p-1.d.t_*`',
    ],
    ['empty SQL', '', ''],
  ])('%s', (_what, sql, masked) => {
    const result = applyRetention(sql, 'masked');

    if (masked !== undefined) expect(result).toBe(masked);
    expect(result).not.toContain('Maria');
  });

  test('white space between words, so that it stays readable', () => {
    expect(applyRetention('SELECT a,\n  b\nFROM t', 'masked')).toBe('SELECT a,\n  b\nFROM t');
  });

  test('every literal and comment of any query, and everything else unchanged', () => {
    // A text that occurs nowhere else: if it is in the result, it was not masked.
    const secret = fc
      .string({ unit: fc.constantFrom(...'xyzXYZ789 -_.,;()%'), minLength: 0, maxLength: 12 })
      .map((text) => `Qq7${text.replaceAll('--', '')}7qQ`);
    const literal = fc
      .tuple(
        secret,
        fc.constantFrom("'", '"', "'''", '"""'),
        fc.constantFrom('', 'r', 'R', 'b', 'B', 'rb', 'Br'),
      )
      .chain(([text, quote, prefix]) =>
        fc
          .constantFrom(
            '',
            "\\'",
            '\\"',
            '\\\\',
            '\\n',
            quote.length === 3 ? '\n' : '',
            quote.length === 3 ? `${quote.slice(0, 2)}x` : '',
          )
          .map((odd) => `${prefix}${quote}${text}${odd}${text}${quote}`),
      );
    const number = fc.nat({ max: 10 ** 9 }).map((n) => `7777${n}`);
    const comment = fc
      .tuple(secret, fc.constantFrom(['-- ', '\n'], ['#', '\n'], ['/*', '*/'], ['/**', '**/']))
      .map(([text, [open, close]]) => `${open}${text}${close}`);
    const word = fc.constantFrom(
      'SELECT',
      'FROM',
      '`p-1.d.t`',
      'a.b',
      '@p',
      '(',
      ')',
      ',',
      '=',
      '<>',
      'IS NOT NULL',
      '||',
    );
    const part = fc.oneof(
      { weight: 2, arbitrary: word.map((text) => ({ text, result: text })) },
      { weight: 2, arbitrary: literal.map((text) => ({ text, result: '?' })) },
      { weight: 1, arbitrary: number.map((text) => ({ text, result: '?' })) },
      { weight: 1, arbitrary: comment.map((text) => ({ text, result: '' })) },
    );
    fc.assert(
      fc.property(fc.array(part, { maxLength: 20 }), (parts) => {
        const result = applyRetention(parts.map(({ text }) => text).join(' '), 'masked');

        expect(result).not.toMatch(/Qq7|7qQ|7777/);
        expect(result.split(/\s+/).join(' ').trim()).toBe(
          parts
            .map((one) => one.result)
            .filter((one) => one !== '')
            .join(' '),
        );
      }),
      { numRuns: 2_000 },
    );
  });

  test('a string literal in any text around it', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (before, behind) => {
        const result = applyRetention(`${before.replaceAll(/[`'"/\\]/g, '')} 'Qq7Qq7' ${behind}`, 'masked');

        expect(result).not.toContain('Qq7Qq7');
      }),
      { numRuns: 1_000 },
    );
  });
});

test.each([
  ['longer than BigQuery accepts', 'stored', 1 << 20],
  ['that would hold up every other query while it is masked', 'masked', 32_768],
] as const)('SQL %s is reduced to a digest if the retention is "%s"', (_why, retention, longest) => {
  const most = `SELECT ${'a,'.repeat((longest - 8) / 2)}a`;

  expect(applyRetention(most, retention)).toBe(most);
  expect(applyRetention(`${most}b`, retention)).toMatch(/^sha256:[0-9a-f]{64}$/);
});
