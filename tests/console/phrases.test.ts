import { describe, expect, test } from 'vitest';
import { phrasesIn } from '../../src/console/phrases/phrases.ts';

const VALUES = ['«1»', '«2»', '«3»'];

/** Every phrase by its path; phrases with values are filled in with made-up ones. */
function writtenIn(phrases: object, path = ''): ReadonlyMap<string, string> {
  return new Map(
    Object.entries(phrases).flatMap(([key, phrase]): [string, string][] => {
      const own = `${path}${key}`;
      if (typeof phrase === 'function') return [[own, String(phrase(...VALUES))]];
      return typeof phrase === 'object' ? [...writtenIn(phrase, `${own}.`)] : [[own, String(phrase)]];
    }),
  );
}

/** A phrase that depends on the kind of change it is given. */
const BY_KIND = 'decision.change';
/** Phrases that may be empty: tables and fingerprints are named without a word before them. */
const UNNAMED = /^overview\.one\./;

describe('the phrases of the console', () => {
  const [en, pt] = [writtenIn(phrasesIn('en')), writtenIn(phrasesIn('pt-BR'))];

  test('all exist in both languages', () => {
    expect([...pt.keys()]).toEqual([...en.keys()]);
    expect(en.size).toBeGreaterThan(100);
  });

  test('are not empty, and contain the same values in both languages', () => {
    const valuesIn = (text = '') => VALUES.filter((value) => text.includes(value));
    for (const [path, text] of en) {
      if (path === BY_KIND || UNNAMED.test(path)) continue;
      expect(text, path).not.toBe('');
      expect(pt.get(path), path).not.toBe('');
      expect(valuesIn(pt.get(path)), path).toEqual(valuesIn(text));
    }
  });

  test('differ between English and Portuguese, except for short names', () => {
    const same = [...en].filter(([path, text]) => text.length > 14 && pt.get(path) === text);

    expect(same).toEqual([]);
  });
});
