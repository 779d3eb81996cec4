import { describe, expect, test } from 'vitest';
import { ANTI_PATTERN_NAMES } from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { CASES } from './cases/cases.ts';
import { placesOf, unmarked } from './find.ts';

describe.each(ANTI_PATTERN_NAMES)('%s', (name) => {
  const { found, notFound } = CASES[name];

  test.each(found)('is found at its exact place in: %s', (marked) => {
    const { sql, spans } = unmarked(marked);

    const places = placesOf(name, sql);

    expect(places.map(({ start, end }) => sql.slice(start, end))).toEqual(
      spans.map(({ start, end }) => sql.slice(start, end)),
    );
    expect(places).toEqual(spans);
  });

  test.each(notFound)('is not found in: %s', (sql) => {
    const places = placesOf(name, sql);

    expect(places).toEqual([]);
  });
});
