import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { tokensOf } from '../../../src/sql/tokens/tokens.ts';

const whole = (sql: string) => [...tokensOf(sql)].map((token) => token.whole);

describe('tokens', () => {
  const piece = fc.constantFrom(
    '"',
    "'",
    '`',
    '"""',
    "'''",
    '\\',
    '\n',
    '/*',
    '*/',
    '--',
    '#',
    'r',
    'a',
    '1',
    '.',
    ' ',
    '\u{1f600}',
    '\ud800',
  );

  test('are those of the SQL that is asked for, whatever was asked for just before', () => {
    const begun = tokensOf('SELECT a')[Symbol.iterator]();
    begun.next();

    expect(whole('SELECT b')).toEqual(['SELECT', ' ', 'b']);
    expect(whole('SELECT a')).toEqual(['SELECT', ' ', 'a']);
    expect(whole(`SELECT a${' '.repeat(40_000)}`)).toHaveLength(4);
    expect([begun.next().value?.whole, begun.next().value?.whole]).toEqual([' ', 'a']);
  });

  test('add up to the whole text, whatever it is', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 40 }), (pieces) => {
        expect(whole(pieces.join('')).join('')).toBe(pieces.join(''));
      }),
      { numRuns: 2_000 },
    );
  });

  test.each([
    ['escaped quotes', String.raw`'a\'b' x`, [String.raw`'a\'b'`, ' ', 'x']],
    ['raw bytes', String.raw`rb"a\"b"`, [String.raw`rb"a\"b"`]],
    ['triple quotes over several lines', `'''a'\n''b''' 1`, [`'''a'\n''b'''`, ' ', '1']],
    ['empty strings', `'' ""`, [`''`, ' ', `""`]],
    ['a quote not closed on its line', `'a\nb`, [`'a\nb`]],
    ['an unclosed quoted name', '`a b', ['`a b']],
    ['an unclosed comment', 'a /* b', ['a', ' ', '/* b']],
    ['comments', 'a/* * / **/b--c\nd#e', ['a', '/* * / **/', 'b', '--c', '\n', 'd', '#e']],
  ])('are split correctly at %s', (_what, sql, tokens) => {
    expect(whole(sql)).toEqual(tokens);
  });

  // Quadratic time would not finish here, and recursion would throw.
  test.each(['/* ', '\\"', "'", '"\\"', '"""', "'''a", '`', '((', '/*'])(
    'are found in linear time for %j repeated a million times',
    (piece) => {
      expect(whole(`"${piece.repeat(1_000_000)}`).join('')).toHaveLength(1 + piece.length * 1_000_000);
    },
    60_000,
  );
});
