import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { foldLabelValue } from '../../src/caller/labels.ts';

const anyText = fc.string({ unit: 'binary', maxLength: 200 });

describe('a label value', () => {
  test('is in lower case, keeps letters of any script, and has underscores for other characters', () => {
    expect(foldLabelValue('Equipe São-Paulo_1')).toBe('equipe_são-paulo_1');
    expect(foldLabelValue('ana@example.com')).toBe('ana_example_com');
    expect(foldLabelValue('東京 42')).toBe('東京_42');
    expect(foldLabelValue('')).toBe('');
  });

  test('is the same for a name, however its accents are encoded', () => {
    expect(foldLabelValue('Joa\u0303o')).toBe(foldLabelValue('Jo\u00e3o'));
  });

  test('is cut between characters, never within one', () => {
    const letter = '\u{20000}';

    expect(foldLabelValue(letter.repeat(70))).toBe(letter.repeat(63));
  });

  test('is valid for BigQuery, whatever the text', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const folded = foldLabelValue(text);

        expect(Array.from(folded).length).toBeLessThanOrEqual(63);
        expect(folded).toMatch(/^[\p{Ll}\p{Lo}\p{N}_-]*$/u);
        expect(folded).toBe(folded.toLowerCase());
      }),
    );
  });

  test('does not change when it is folded again', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(foldLabelValue(foldLabelValue(text))).toBe(foldLabelValue(text));
      }),
    );
  });

  test('does not change if it is already valid', () => {
    const valid = fc.stringMatching(/^[a-z0-9_-]{0,63}$/);

    fc.assert(
      fc.property(valid, (text) => {
        expect(foldLabelValue(text)).toBe(text);
      }),
    );
  });
});
