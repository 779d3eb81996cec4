import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseTemplate, type TemplatePart } from '../../../../src/reports/audit/template/parse.ts';

function written(parts: readonly TemplatePart[]): string {
  return parts
    .map((part) => {
      if (part.kind === 'text') return part.text;
      return part.kind === 'tag' ? `{{${part.name}}}` : `[[${written(part.parts)}]]`;
    })
    .join('');
}

describe('the template of a card', () => {
  test('is text, tags and optional clauses, which may be nested', () => {
    const parts = parseTemplate('SELECT 1 WHERE {{ a }} [[AND b = {{b}} [[AND c = {{c}}]] ]]');

    expect(parts).toEqual([
      { kind: 'text', text: 'SELECT 1 WHERE ' },
      { kind: 'tag', name: 'a' },
      { kind: 'text', text: ' ' },
      {
        kind: 'optional',
        parts: [
          { kind: 'text', text: 'AND b = ' },
          { kind: 'tag', name: 'b' },
          { kind: 'text', text: ' ' },
          {
            kind: 'optional',
            parts: [
              { kind: 'text', text: 'AND c = ' },
              { kind: 'tag', name: 'c' },
            ],
          },
          { kind: 'text', text: ' ' },
        ],
      },
    ]);
  });

  test.each(['SELECT 1 -- {{a}} [[b', '/* {{a}} \n [[ */ SELECT 1', 'SELECT a[b[0]] FROM t'])(
    'is text where tags stand in comments, and where brackets are an index: %s',
    (sql) => {
      expect(parseTemplate(sql)).toEqual([{ kind: 'text', text: sql }]);
    },
  );

  test.each([
    ['SELECT [[AND {{a}}', /\[\[ is not closed/],
    ['SELECT {{a', /\{\{ is not closed/],
    ['SELECT {{ }}', /has no name/],
    ['SELECT [[AND b]]', /holds no/],
  ])('that is malformed says how: %s', (sql, why) => {
    expect(() => parseTemplate(sql)).toThrow(why);
  });

  test('loses nothing of the text', () => {
    const text = fc.stringMatching(/^[a-z0-9 =,.\n]{0,12}$/);
    const name = fc.stringMatching(/^[a-z]{1,5}$/);
    const piece = fc.oneof(
      text,
      name.map((each) => `{{${each}}}`),
      fc.tuple(text, name).map(([before, each]) => `[[${before}{{${each}}}]]`),
    );
    fc.assert(
      fc.property(fc.array(piece), (pieces) => {
        const sql = pieces.join('');
        expect(written(parseTemplate(sql))).toBe(sql);
      }),
    );
  });
});
