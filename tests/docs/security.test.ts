import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const page = readFileSync('docs/security.md', 'utf8');

/** Each test file that the page names, with the titles after it up to the next file or cell. */
const named = [...page.matchAll(/`(tests\/[\w./-]+\.test\.ts)`([^`|]*)/g)].map(
  ([, file = '', behind = '']) => ({
    file,
    titles: [...behind.matchAll(/\*([^*]+)\*/g)].map(([, title = '']) => title.replaceAll(/\s+/g, ' ')),
  }),
);

test('docs/security.md names tests by file and title', () => {
  expect(named.length).toBeGreaterThan(25);
  expect(named.flatMap(({ titles }) => titles).length).toBeGreaterThan(25);
});

test.each(named)('$file exists, with the titles that docs/security.md cites', ({ file, titles }) => {
  expect(existsSync(file)).toBe(true);
  const text = readFileSync(file, 'utf8');
  expect(titles.filter((title) => !text.includes(title))).toEqual([]);
});

test.each([...new Set(page.match(/src\/[\w/-]+\.ts/g))])(
  '%s, which docs/security.md names, exists',
  (file) => {
    expect(existsSync(file)).toBe(true);
  },
);
