import { describe, expect, test } from 'vitest';
import { supersetRemark } from '../../../src/caller/remarks/superset.ts';

describe("the comment of Superset's SQL mutator", () => {
  test('names the person, whose name may contain spaces', () => {
    const sql = '-- [SQL LAB] Ana Souza 2026-11-18T10:00:00.123456\nSELECT 1';

    expect(supersetRemark(sql)).toEqual({
      text: '-- [SQL LAB] Ana Souza 2026-11-18T10:00:00.123456\n',
      hints: { tool: 'superset', person: 'Ana Souza', dashboard: null, card: null },
      labels: { superset_user: 'ana_souza' },
    });
  });

  test('names nobody if Superset knows no user', () => {
    expect(supersetRemark('-- [SQL LAB] None 2026-11-18T10:00:00\nSELECT 1')).toMatchObject({
      hints: { person: null },
      labels: {},
    });
  });

  test.each([
    ['after another line', 'SELECT 1\n-- [SQL LAB] ana 2026-11-18T10:00:00\n'],
    ['without a time', '-- [SQL LAB] ana\nSELECT 1'],
    ['with a time in another format', '-- [SQL LAB] ana 18/11/2026\nSELECT 1'],
    ['without a line feed', '-- [SQL LAB] ana 2026-11-18T10:00:00'],
  ])('is not recognised %s', (_where, sql) => {
    expect(supersetRemark(sql)).toBeNull();
  });
});
