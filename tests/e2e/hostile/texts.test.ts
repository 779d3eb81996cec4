import { globSync, readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';

/**
 * Every regular expression in what sees the text of others, against long texts on which one that goes back would take
 * minutes: quadratic ones over 100,000 characters are 10,000,000,000 steps.
 */
const FILES = globSync(
  'src/{caller,proxy,ops,sql,estimate,tracing,vocabulary,console,pages}/**/*.ts',
).toSorted();
const LITERAL =
  /(?<=[=(,:?&|!]\s*|^\s*|return\s|\[)\/((?:[^/\\[\n]|\\.|\[(?:[^\]\\\n]|\\.)*\])+)\/([dgimsuvy]*)(?=[\s,.;)\]])/gm;

const SIZE = 100_000;
const UNITS = [
  'a',
  ' ',
  '\t',
  '1',
  '/',
  ';',
  '-',
  '.',
  '=',
  ':',
  '"',
  "'",
  '@',
  '%',
  '\r',
  'a ',
  'a.',
  '; ',
  '=a',
  '1e',
  "}'",
  '\\',
  '{',
];
const PREFIXES = ['', 'A:', 'Bearer ', "'{", 'multipart/mixed ', 'multipart/mixed;', 'POST /', '00-', 'é'];
const HOSTILE = PREFIXES.flatMap((prefix) =>
  UNITS.map((unit) => `${prefix}${unit.repeat(SIZE / unit.length)}\r!`),
);

/** Only over texts that have a limit of their own, which stands behind each. */
const BOUNDED: ReadonlyMap<string, string> = new Map([
  ['src/ops/access/identity.ts', 'an address has 254 characters at the most'],
  ['src/proxy/multipart.ts', 'a head has 16 KiB at the most'],
]);

function expressionsIn(file: string): readonly RegExp[] {
  const text = readFileSync(file, 'utf8').replaceAll(/^\s*(?:\/\/|\/?\*).*$/gm, '');
  return [...text.matchAll(LITERAL)].map(([, source = '', flags]) => new RegExp(source, flags));
}

const all = FILES.flatMap((file) => expressionsIn(file).map((expression) => ({ file, expression })));
const free = all.filter(({ file }) => !BOUNDED.has(file));

test('the expressions are found', () => {
  expect(all.length).toBeGreaterThan(60);
  expect(all.map(({ file }) => file)).toEqual(expect.arrayContaining([...BOUNDED.keys()]));
});

describe('goes through a long text in a time that grows with its length alone', () => {
  test.each(free.map(({ file, expression }) => [`${file} ${expression}`, expression] as const))(
    '%s',
    (_name, expression) => {
      for (const text of HOSTILE) text.search(expression);
    },
    20_000,
  );
});
