import { expect, test } from 'vitest';
import { ANTI_PATTERN_NAMES } from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { antiPatternText } from '../../../src/vocabulary/antipatterns/texts.ts';

test.each(ANTI_PATTERN_NAMES)('%s is described in both languages, with different texts', (name) => {
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
