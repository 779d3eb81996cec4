import { describe, expect, test } from 'vitest';
import { ANTI_PATTERN_NAMES } from '../../../src/vocabulary/antipatterns/antipattern.ts';
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
});
