import { describe, expect, test } from 'vitest';
import type {
  AntiPatternCondition,
  AntiPatternFinding,
} from '../../../src/vocabulary/antipatterns/antipattern.ts';
import { antiPatternsOf } from '../../../src/vocabulary/antipatterns/antipatterns-of.ts';

const table = { projectId: 'p', datasetId: 'd', tableId: 't' };
const other = { projectId: 'p', datasetId: 'd', tableId: 'u' };

function finding(onlyIf: AntiPatternCondition | null, column: string | null = null): AntiPatternFinding {
  return { name: 'select-star', span: { start: 0, end: 1 }, table: 'p.d.t', column, onlyIf };
}

function reading(...antiPatterns: readonly AntiPatternFinding[]) {
  return { tables: [{ table }, { table: other }], antiPatterns };
}

describe('candidates of anti-patterns', () => {
  test('without a condition are always confirmed', () => {
    const held = antiPatternsOf(reading(finding(null)), () => null);

    expect(held).toEqual([finding(null)]);
  });

  test('about a column are confirmed if it is the partition column, ignoring case', () => {
    const candidates = [
      finding({ kind: 'partitioned-by-column' }, 'day'),
      finding({ kind: 'partitioned-by-column' }, 'a'),
    ];

    const held = antiPatternsOf(reading(...candidates), () => 'Day');

    expect(held).toEqual([finding(null, 'day')]);
  });

  test('about an unfiltered table are confirmed, naming its partition column, if that is not filtered', () => {
    const candidates = [
      finding({ kind: 'partitioned-by-none-of', columns: ['a'] }),
      finding({ kind: 'partitioned-by-none-of', columns: ['day'] }),
    ];

    const held = antiPatternsOf(reading(...candidates), () => 'day');

    expect(held).toEqual([finding(null, 'day')]);
  });

  test('about an unfiltered table are dropped if _PARTITIONDATE filters its _PARTITIONTIME', () => {
    const candidate = finding({ kind: 'partitioned-by-none-of', columns: ['_partitiondate'] });

    const held = antiPatternsOf(reading(candidate), () => '_PARTITIONTIME');

    expect(held).toEqual([]);
  });

  test.each([
    ['not partitioned', finding({ kind: 'partitioned-by-column' }, 'day')],
    ['of unknown size', finding({ kind: 'smaller-than', table: 'p.d.u' })],
    ['not read', { ...finding({ kind: 'partitioned-by-none-of', columns: [] }), table: 'p.d.elsewhere' }],
  ])('are dropped if the table is %s', (_why, candidate) => {
    const held = antiPatternsOf(reading(candidate), ({ tableId }) =>
      tableId === 'elsewhere' ? 'day' : null,
    );

    expect(held).toEqual([]);
  });

  test.each([
    [1n, 10n, 1],
    [1n, 9n, 0],
    [10n, 1n, 0],
  ])(
    'about join order for tables of %d and %d bytes yield this number of findings: %d',
    (own, larger, count) => {
      const candidate = finding({ kind: 'smaller-than', table: 'p.d.u' });

      const held = antiPatternsOf(
        reading(candidate),
        () => null,
        ({ tableId }) => (tableId === 't' ? own : larger),
      );

      expect(held).toHaveLength(count);
    },
  );

  test('that differ in name, place or table are all kept', () => {
    const first = finding(null);
    const all: readonly AntiPatternFinding[] = [
      first,
      { ...first, name: 'cross-join' },
      { ...first, span: { start: 0, end: 2 } },
      { ...first, span: { start: 1, end: 1 } },
      { ...first, table: 'p.d.u' },
    ];

    expect(antiPatternsOf(reading(...all, ...all), () => null)).toEqual(all);
  });

  test('that say the same about one place yield one finding', () => {
    const candidates = ['p.d.u', 'p.d.u2'].map((name) => finding({ kind: 'smaller-than', table: name }));
    const tables = [table, other, { ...other, tableId: 'u2' }].map((one) => ({ table: one }));

    const held = antiPatternsOf(
      { tables, antiPatterns: candidates },
      () => null,
      ({ tableId }) => (tableId === 't' ? 1n : 99n),
    );

    expect(held).toEqual([finding(null)]);
  });
});
