import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../src/caller/hints.ts';
import { viewerNames } from '../../src/ops/access/viewer-names.ts';
import { canonicalPath } from '../../src/proxy/canonical-path.ts';
import { boundaryOf } from '../../src/proxy/multipart.ts';
import { routeOf } from '../../src/proxy/route.ts';
import { tokensOf } from '../../src/sql/tokens.ts';

/** What a quadratic search takes minutes for is done at once by one that looks at each character a few times. */
const MOST_MS = 5_000;
const HEAD = 16_000;
const SQL = 1 << 20;
const names = viewerNames((name) => `person-${name.length}`);

const remarkIn = (sql: string) => hintsOf({ sql, labels: {}, userAgent: `dbt ${'x'.repeat(HEAD)}` });

describe('a long text takes no time', () => {
  test.each<[string, () => unknown]>([
    ['a name without an end', () => names.text('x'.repeat(1_000_000))],
    ['many names', () => names.text('x@'.repeat(500_000))],
    ['path parameters', () => canonicalPath(`/bigquery/${';'.repeat(HEAD)}`)],
    ['colons in a path', () => routeOf('POST', `/bigquery/v2/projects/p/datasets/${':'.repeat(HEAD)}`, {})],
    ['slashes', () => routeOf('GET', '/'.repeat(HEAD), {})],
    ['boundaries', () => boundaryOf(`multipart/mixed${' ;boundary='.repeat(1_500)}`, 'multipart/mixed')],
    [
      'an open quote of a boundary',
      () => boundaryOf(`multipart/mixed;${'boundary="'.repeat(1_500)}`, 'multipart/mixed'),
    ],
    ['quotes of SQL', () => [...tokensOf("'".repeat(SQL))]],
    ['escapes of SQL', () => [...tokensOf(`"${'\\"'.repeat(SQL / 2)}`)]],
    ['comments of SQL', () => [...tokensOf('/*'.repeat(SQL / 2))]],
    ['digits of SQL', () => [...tokensOf('1.'.repeat(SQL / 2))]],
    ['keys of a remark of Metabase', () => remarkIn(`-- Metabase::${' a:'.repeat(500_000)}\n`)],
    ['a word of a remark of Metabase', () => remarkIn(`-- Metabase::${'a'.repeat(2_000_000)}`)],
    ['parts of a remark of Redash', () => remarkIn(`/* ${'Username: x, '.repeat(200_000)}`)],
    ['stars of a comment', () => remarkIn(`/*${'*'.repeat(2_000_000)}`)],
    ['braces of a remark of Looker', () => remarkIn(`-- Looker Query Context '${"{}' ".repeat(500_000)}\n`)],
    ['words of a remark of Superset', () => remarkIn(`-- [SQL LAB] ${'x '.repeat(1_000_000)}\n`)],
    ['comments before the end', () => remarkIn(`SELECT 1 ${'/* '.repeat(500_000)}*/`)],
  ])('%s', (_what, look) => {
    const startMs = performance.now();

    look();

    expect(performance.now() - startMs).toBeLessThan(MOST_MS);
  });
});
