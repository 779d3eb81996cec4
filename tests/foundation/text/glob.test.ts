import fc from 'fast-check';
import { expect, test } from 'vitest';
import { commonMatch, matchesGlob, mayMatchGlob } from '../../../src/foundation/text/glob.ts';

test.each([
  ['a.b.c', 'a.b.c', true],
  ['a.b.cd', 'a.b.c', false],
  ['ana@x.example', '*@x.example', true],
  ['ana@y.example', '*@x.example', false],
  ['events_2026', 'events_*', true],
  ['aa', 'a*a*a', false],
  ['aba', 'a*a', true],
  ['a', 'a*a', false],
  ['p.d.t', '*.d.*', true],
])('whether %s matches the pattern %s: %s', (name, pattern, expected) => {
  expect(matchesGlob(name, pattern)).toBe(expected);
});

test('a pattern matches the same names as the equivalent regular expression', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 10 });
  fc.assert(
    fc.property(plain, letters, (name, pattern) => {
      expect(matchesGlob(name, pattern)).toBe(new RegExp(`^${pattern.replaceAll('*', '.*')}$`).test(name));
    }),
  );
});

test('a common match of two patterns is found whenever some name matches both', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '*'), maxLength: 8 });
  const plain = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 8 });
  fc.assert(
    fc.property(letters, letters, plain, (one, other, name) => {
      const common = commonMatch(one, other);
      if (common !== null)
        expect([matchesGlob(common, one), matchesGlob(common, other)]).toEqual([true, true]);
      else expect(matchesGlob(name, one) && matchesGlob(name, other)).toBe(false);
    }),
    { numRuns: 2_000 },
  );
});

test.each([
  ['p.d.events_*', 'p.d.events_2026', true],
  ['p.d.events_*', 'p.d.events_', true],
  ['p.d.events_2026*', 'p.d.events_*', true],
  ['p.d.events_*', 'p.d.*_2026', true],
  ['p.d.*', 'p.d.events', true],
  ['p.d.*', '*.events', true],
  ['p.d.events_*', 'p.d.event', false],
  ['p.d.events_*', 'p.e.events_2026', false],
  ['p.d.*', 'p.d.events.2026', false],
  ['p.d.events', 'p.d.event*', true],
  ['p.d.events', 'p.d.tickets', false],
])('whether some name that %s stands for may match the pattern %s: %s', (name, pattern, expected) => {
  expect(mayMatchGlob(name, pattern)).toBe(expected);
});

test('a name that stands for many may match whatever one of them matches', () => {
  const letters = fc.string({ unit: fc.constantFrom('a', 'b', '.', '*'), maxLength: 6 });
  const beginnings = fc.string({ unit: fc.constantFrom('a', 'b', '.'), maxLength: 4 });
  const endings = fc.string({ unit: fc.constantFrom('a', 'b'), maxLength: 4 });
  fc.assert(
    fc.property(beginnings, endings, letters, (beginning, ending, pattern) => {
      fc.pre(matchesGlob(`${beginning}${ending}`, pattern));
      expect(mayMatchGlob(`${beginning}*`, pattern)).toBe(true);
    }),
    { numRuns: 2_000 },
  );
});
