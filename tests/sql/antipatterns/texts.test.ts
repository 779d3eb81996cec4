import { describe, expect, test } from 'vitest';
import { ANTI_PATTERN_NAMES } from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { antiPatternText } from '../../../src/vocabulary/antipatterns/texts.ts';
import { ANTI_PATTERN_EXAMPLES } from './examples.ts';
import { placesOf } from './find.ts';

describe.each(ANTI_PATTERN_NAMES)('%s', (name) => {
  const { before, after } = ANTI_PATTERN_EXAMPLES[name];

  test('is found in its example', () => {
    expect(placesOf(name, before)).not.toEqual([]);
  });

  test('is not found in the SQL suggested instead', () => {
    expect(placesOf(name, after)).toEqual([]);
  });

  test('is described in both languages, with different texts', () => {
    const english = antiPatternText(name, 'en');
    const portuguese = antiPatternText(name, 'pt-BR');

    for (const part of ['title', 'why', 'instead'] as const) {
      expect(english[part]).not.toBe('');
      expect(portuguese[part]).not.toBe(english[part]);
    }
    expect([english.title, portuguese.title].filter((title) => title.endsWith('.'))).toEqual([]);
    expect(
      [english.why, english.instead, portuguese.why, portuguese.instead].every((text) => text.endsWith('.')),
    ).toBe(true);
  });
});
