import { existsSync, globSync } from 'node:fs';
import { dirname, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { anchorsOf, codeOf, linksOf, type Page, readPages } from './pages.ts';

const INDEX = 'docs/README.md';
const pages = readPages();
const anchors = new Map(pages.map((page) => [page.path, anchorsOf(page)]));

interface Link {
  /** Page and line of the link. */
  readonly place: string;
  /** The path from the root of the repository. */
  readonly path: string;
  readonly anchor: string | undefined;
}

/** Links that stay within the repository. */
function ownLinks(page: Page): readonly Link[] {
  return linksOf(page)
    .filter(({ text }) => !/^[a-z]+:/.test(text))
    .map(({ line, text }) => {
      const [file = '', anchor] = text.split('#');
      const path = file === '' ? page.path : normalize(`${dirname(page.path)}/${file}`);
      return { place: `${page.path}:${line}: ${text}`, path: path.replace(/\/$/, ''), anchor };
    });
}

const links = pages.flatMap(ownLinks);

describe('links in the docs', () => {
  test('lead to files that exist', () => {
    const lost = links.filter(({ path }) => !existsSync(path));

    expect(lost.map(({ place }) => place)).toEqual([]);
  });

  test('have anchors that are headings of their pages', () => {
    const lost = links.filter(
      ({ path, anchor }) => anchor !== undefined && anchors.get(path)?.has(anchor) === false,
    );

    expect(lost.map(({ place }) => place)).toEqual([]);
  });
});

test('files that pages name by their path exist', () => {
  const named = pages
    .flatMap(codeOf)
    .filter(({ text }) => /^(?:src|tests|deploy|dashboards)\/[\w./@-]+$/.test(text));
  const lost = named.filter(({ text }) => !existsSync(text));

  expect(named.length).toBeGreaterThan(40);
  expect(lost.map(({ page, line, text }) => `${page}:${line}: ${text}`)).toEqual([]);
});

describe('the index of the docs', () => {
  test('lists every page exactly once', () => {
    const named = links
      .filter(({ place, anchor }) => place.startsWith(`${INDEX}:`) && anchor === undefined)
      .map(({ path }) => path)
      .filter((path) => /^docs\/[^/]+\.md$/.test(path));
    const there = globSync('docs/*.md').filter((path) => path !== INDEX);

    expect(named.toSorted(), 'each page of docs wants one line in docs/README.md').toEqual(there.toSorted());
  });
});
