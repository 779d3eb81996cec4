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

  test('together are the whole text, whatever it is', () => {
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
    ['three quotes over lines', `'''a'\n''b''' 1`, [`'''a'\n''b'''`, ' ', '1']],
    ['an empty text', `'' ""`, [`''`, ' ', `""`]],
    ['a quote that its line does not close', `'a\nb`, [`'a\nb`]],
    ['a name that nothing closes', '`a b', ['`a b']],
    ['a comment that nothing closes', 'a /* b', ['a', ' ', '/* b']],
    ['comments', 'a/* * / **/b--c\nd#e', ['a', '/* * / **/', 'b', '--c', '\n', 'd', '#e']],
  ])('tell %s', (_what, sql, tokens) => {
    expect(whole(sql)).toEqual(tokens);
  });

  // What takes a time that grows with the square of the length would not end here; what recurses would throw.
  test.each(['/* ', '\\"', "'", '"\\"', '"""', "'''a", '`', '((', '/*'])(
    'end for %j, a million times over',
    (piece) => {
      expect(whole(`"${piece.repeat(1_000_000)}`).join('')).toHaveLength(1 + piece.length * 1_000_000);
    },
    60_000,
  );
});
