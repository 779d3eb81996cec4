import { describe, expect, test } from 'vitest';
import type { AntiPatternCondition, AntiPatternFinding } from '../../src/vocabulary/antipattern.ts';
import { antiPatternsOf } from '../../src/vocabulary/antipatterns-of.ts';

const table = { projectId: 'p', datasetId: 'd', tableId: 't' };
const other = { projectId: 'p', datasetId: 'd', tableId: 'u' };

function finding(onlyIf: AntiPatternCondition | null, column: string | null = null): AntiPatternFinding {
  return { name: 'select-star', span: { start: 0, end: 1 }, table: 'p.d.t', column, onlyIf };
}

function reading(...antiPatterns: readonly AntiPatternFinding[]) {
  return { tables: [{ table }, { table: other }], antiPatterns };
}

describe('candidates', () => {
  test('those without a condition hold whatever is known', () => {
    const held = antiPatternsOf(reading(finding(null)), () => null);

    expect(held).toEqual([finding(null)]);
  });

  test('those of a column hold where it is the partition column, in whatever case', () => {
    const candidates = [
      finding({ kind: 'partitioned-by-column' }, 'day'),
      finding({ kind: 'partitioned-by-column' }, 'a'),
    ];

    const held = antiPatternsOf(reading(...candidates), () => 'Day');

    expect(held).toEqual([finding(null, 'day')]);
  });

  test('those of unfiltered tables hold where the partition column is not filtered, and name it', () => {
    const candidates = [
      finding({ kind: 'partitioned-by-none-of', columns: ['a'] }),
      finding({ kind: 'partitioned-by-none-of', columns: ['day'] }),
    ];

    const held = antiPatternsOf(reading(...candidates), () => 'day');

    expect(held).toEqual([finding(null, 'day')]);
  });

  test('the date of loading filters the time of loading', () => {
    const candidate = finding({ kind: 'partitioned-by-none-of', columns: ['_partitiondate'] });

    const held = antiPatternsOf(reading(candidate), () => '_PARTITIONTIME');

    expect(held).toEqual([]);
  });

  test.each([
    ['not partitioned', finding({ kind: 'partitioned-by-column' }, 'day')],
    ['of unknown size', finding({ kind: 'smaller-than', table: 'p.d.u' })],
    ['not read', { ...finding({ kind: 'partitioned-by-none-of', columns: [] }), table: 'p.d.elsewhere' }],
  ])('are dropped where the table is %s', (_why, candidate) => {
    const held = antiPatternsOf(reading(candidate), ({ tableId }) =>
      tableId === 'elsewhere' ? 'day' : null,
    );

    expect(held).toEqual([]);
  });

  test.each([
    [1n, 10n, 1],
    [1n, 9n, 0],
    [10n, 1n, 0],
  ])('of the order of a join hold for %d and %d bytes: %d', (own, larger, count) => {
    const candidate = finding({ kind: 'smaller-than', table: 'p.d.u' });

    const held = antiPatternsOf(
      reading(candidate),
      () => null,
      ({ tableId }) => (tableId === 't' ? own : larger),
    );

    expect(held).toHaveLength(count);
  });

  test('that say the same of one place are told once', () => {
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
