import { text } from 'node:stream/consumers';
import { describe, expect, test } from 'vitest';
import { csvStream, csvText, DECIMAL_COMMA } from '../../../src/foundation/text/csv.ts';

describe('a CSV file', () => {
  test('has a header, and cells by order or by name', () => {
    expect(csvText(['a', 'b'], [['1', null], { b: 'x,"y"', a: undefined }])).toBe('a,b\n1,\n,"x,""y"""\n');
  });

  test('has amounts in full, instants in ISO 8601, and lists as JSON', () => {
    const cells = [2n ** 63n - 1n, -5n, 1.5, true, false, new Date(0), ['a']];

    expect(csvText(['a', 'b', 'c', 'd', 'e', 'f', 'g'], [cells]).split('\n')[1]).toBe(
      '9223372036854775807,-5,1.5,true,false,1970-01-01T00:00:00.000Z,"[""a""]"',
    );
  });

  test.each(['=1+1', '+1', '-1', '@SUM(A1)', '\t=1', '\r=1', '＝1'])(
    'has no text that a spreadsheet would run: %j',
    (name) => {
      const [, cell = ''] = csvText(['name'], [[name]]).split(/^name\n/);

      expect(cell.replace(/^"/, '')).toMatch(/^'/);
      expect(cell).toContain(name);
    },
  );

  test('for where the decimal mark is a comma has semicolons between cells, and says that it is UTF-8', () => {
    expect(csvText(['painel', 'a;b'], [['é', '1,50']], DECIMAL_COMMA)).toBe('\ufeffpainel;"a;b"\né;1,50\n');
  });

  test('is the same when written row by row', async () => {
    const rows = [
      ['=1', 2n],
      [null, -3n],
    ];
    const stream = csvStream(['a', 'b']);
    for (const row of rows) stream.write(row);
    stream.end();

    expect(await text(stream)).toBe(csvText(['a', 'b'], rows));
  });
});
