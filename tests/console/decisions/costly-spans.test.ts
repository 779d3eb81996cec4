import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { piecesOf } from '../../../src/console/decisions/costly-spans.ts';

const spans = fc.array(
  fc.record({ start: fc.nat(60), length: fc.nat(20) }).map(({ start, length }) => ({
    span: { start, end: start + length },
  })),
);

describe('SQL cut at its costly spans', () => {
  test('keeps all of its text in order, however spans overlap', () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 50 }), spans, (sql, findings) => {
        expect(
          piecesOf(sql, findings)
            .map(({ text }) => text)
            .join(''),
        ).toBe(sql);
      }),
    );
  });

  test('is marked exactly where a finding covers it', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 1, maxLength: 50 }), spans, (sql, findings) => {
        let at = 0;
        for (const { text, marks } of piecesOf(sql, findings)) {
          const [start, end] = [at, at + text.length];
          const covering = findings.flatMap(({ span }, i) =>
            span.start <= start && end <= span.end && span.end <= sql.length ? [i + 1] : [],
          );
          expect(marks).toEqual(covering);
          at = end;
        }
      }),
    );
  });

  test('shows the number of each finding once, where it begins', () => {
    const pieces = piecesOf('SELECT * FROM t', [
      { span: { start: 7, end: 8 } },
      { span: { start: 0, end: 15 } },
    ]);

    expect(pieces).toEqual([
      { text: 'SELECT ', marks: [2], begins: [2] },
      { text: '*', marks: [1, 2], begins: [1] },
      { text: ' FROM t', marks: [2], begins: [] },
    ]);
  });
});
