import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type RowPage, rowPageJson } from '../../../../src/sandbox/rest/http/row-page.ts';
import type { Row } from '../../../../src/sandbox/warehouse.ts';

const cell = fc.record({ v: fc.option(fc.string({ unit: 'binary' })) });
const row: fc.Arbitrary<Row> = fc.record({ f: fc.array(cell, { maxLength: 4 }) });

function pageOf(rows: readonly Row[], settings: Partial<RowPage> = {}): RowPage {
  return {
    startIndex: 0,
    totalRows: rows.length,
    maxResults: null,
    maxBytes: Number.MAX_SAFE_INTEGER,
    slice: (start, count) => rows.slice(start, start + count),
    head: { kind: 'page' },
    tail: (next) => (next === null ? {} : { next }),
    ...settings,
  };
}

async function textOf(page: RowPage, pretty: boolean): Promise<string> {
  let text = '';
  for await (const piece of rowPageJson(page, pretty)) text += piece;
  return text;
}

test('a page is the same text as JSON.stringify of the whole', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row), fc.nat(30), async (rows, maxResults) => {
      const page = pageOf(rows, { maxResults });
      const shown = rows.slice(0, maxResults);
      const whole = {
        kind: 'page',
        ...(shown.length === 0 ? {} : { rows: shown }),
        ...(shown.length < rows.length ? { next: shown.length } : {}),
      };

      const compact = await textOf(page, false);
      const pretty = await textOf(page, true);

      expect(compact).toBe(JSON.stringify(whole));
      expect(pretty).toBe(`${JSON.stringify(whole, null, 2)}\n`);
    }),
  );
});

test('consecutive pages give every row once, and none exceeds the limit in bytes unless it is a single row', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(row), fc.integer({ min: 1, max: 200 }), async (rows, maxBytes) => {
      const read: Row[] = [];
      let next: number | null = 0;
      while (next !== null) {
        const page = JSON.parse(await textOf(pageOf(rows, { maxBytes, startIndex: next }), false));
        const pageRows: Row[] = page.rows ?? [];
        const bytes = pageRows.reduce((sum, one) => sum + Buffer.byteLength(JSON.stringify(one)), 0);
        expect(pageRows.length === 1 || bytes <= maxBytes).toBe(true);
        read.push(...pageRows);
        next = page.next ?? null;
      }

      expect(read).toEqual(rows);
    }),
  );
});

test('a large page comes in small pieces, and takes its rows from the source in slices', async () => {
  const line = 'x'.repeat(1000);
  const asked: number[] = [];
  const page = pageOf([], {
    totalRows: 20_000,
    slice(_start, count) {
      asked.push(count);
      return Array.from({ length: count }, () => ({ f: [{ v: line }] }));
    },
  });

  let pieces = 0;
  let longest = 0;
  for await (const piece of rowPageJson(page, false)) {
    pieces += 1;
    longest = Math.max(longest, piece.length);
  }

  expect(pieces).toBeGreaterThan(200);
  expect(longest).toBeLessThan(80_000);
  expect(Math.max(...asked)).toBe(500);
});

test('a source that ends before its count ends the page', async () => {
  const page = pageOf([], { totalRows: 10, slice: (start) => (start === 0 ? [{ f: [] }] : []) });

  const read = JSON.parse(await textOf(page, false));

  expect(read.rows).toEqual([{ f: [] }]);
});
