import { describe, expect, test } from 'vitest';
import { hintsOf } from '../../src/caller/hints.ts';
import { viewerNames } from '../../src/ops/redaction/viewer-names.ts';
import { canonicalPath } from '../../src/proxy/request/canonical-path.ts';
import { boundaryOf } from '../../src/proxy/request/multipart.ts';
import { routeOf } from '../../src/proxy/request/route.ts';
import { tokensOf } from '../../src/sql/tokens/tokens.ts';
import { afresh, shareOfOneLong } from './growth.ts';

/**
 * One text is as long as so many short ones: a quadratic search takes so many times as long for it. What comes in twos
 * and threes, such as quotes, leaves the same over in the long text as in a short one.
 */
const TIMES = 31;
const SHORT = 200;
/** Far from one, what a search comes to that looks at each character a few times, and from `TIMES`. */
const MOST = TIMES / 4;

const names = viewerNames((name) => `person-${name.length}`);
const remarkIn = (sql: string) => hintsOf({ sql, labels: {}, userAgent: 'dbt' });
const tokensIn = afresh((sql) => [...tokensOf(sql)]);

/** What is looked through, made of a part that comes so many times, and what looks through it. */
type Case = readonly [
  string,
  part: string,
  textOf: (parts: string) => string,
  look: (text: string) => unknown,
];

const cases: readonly Case[] = [
  ['a name without an end', 'x', (parts) => parts, names.text],
  ['many names', 'x@', (parts) => parts, names.text],
  ['path parameters', ';', (parts) => `/bigquery/${parts}`, canonicalPath],
  [
    'colons in a path',
    ':',
    (parts) => `/bigquery/v2/projects/p/datasets/${parts}`,
    (path) => routeOf('POST', path, {}),
  ],
  ['slashes', '/', (parts) => parts, (path) => routeOf('GET', path, {})],
  [
    'boundaries',
    ' ;boundary=',
    (parts) => `multipart/mixed${parts}`,
    (type) => boundaryOf(type, 'multipart/mixed'),
  ],
  [
    'open quotes of a boundary',
    'boundary="',
    (parts) => `multipart/mixed;${parts}`,
    (type) => boundaryOf(type, 'multipart/mixed'),
  ],
  [
    'words of a user agent',
    'x',
    (parts) => `dbt ${parts}`,
    (userAgent) => hintsOf({ sql: '', labels: {}, userAgent }),
  ],
  ['quotes of SQL', "'", (parts) => parts, tokensIn],
  ['escapes of SQL', '\\"', (parts) => `"${parts}`, tokensIn],
  ['comments of SQL', '/*', (parts) => parts, tokensIn],
  ['digits of SQL', '1.', (parts) => parts, tokensIn],
  ['keys of a remark of Metabase', ' a:', (parts) => `-- Metabase::${parts}\n`, remarkIn],
  ['a word of a remark of Metabase', 'a', (parts) => `-- Metabase::${parts}`, remarkIn],
  ['parts of a remark of Redash', 'Username: x, ', (parts) => `/* ${parts}`, remarkIn],
  ['stars of a comment', '*', (parts) => `/*${parts}`, remarkIn],
  ['braces of a remark of Looker', '"{}\' ', (parts) => `-- Looker Query Context '${parts}\n`, remarkIn],
  ['words of a remark of Superset', 'x ', (parts) => `-- [SQL LAB] ${parts}\n`, remarkIn],
  ['comments before the end', '/* ', (parts) => `SELECT 1 ${parts}*/`, remarkIn],
];

function shareOf(part: string, textOf: (parts: string) => string, look: (text: string) => unknown): number {
  const short = textOf(part.repeat(SHORT));
  const long = textOf(part.repeat(SHORT * TIMES));
  return shareOfOneLong({ look, short, long, times: TIMES, atMost: MOST });
}

describe('a long text takes as long as the same number of characters in short texts', () => {
  test.each(cases)('%s', (_what, part, textOf, look) => {
    expect(shareOf(part, textOf, look)).toBeLessThan(MOST);
  });

  test('and a quadratic search is detected as one', () => {
    const quadratic = (text: string) => /x*y/.test(text);

    expect(shareOf('x', (parts) => parts, quadratic)).toBeGreaterThan(MOST);
  });
});
