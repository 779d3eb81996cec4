import fc from 'fast-check';
import { expect, test } from 'vitest';
import { read } from '../readings.ts';
import { KnownPipes } from './known-pipes.ts';
import type { Truth } from './known-relation.ts';

const choices = fc.array(fc.nat(999), { minLength: 10, maxLength: 60, size: 'max' });

/** No table or column is missing, and no filter is claimed that is none. */
function expectNoHole(sql: string, { reads, used }: Truth): void {
  const { tables } = read(sql);
  const readsOf = (table: string) => [...reads].filter(([name]) => name.startsWith(`${table}#`));
  const named = [...new Set([...reads.keys()].map((name) => name.split('#')[0] ?? ''))];
  expect(tables.map(({ table }) => table.tableId).toSorted(), sql).toEqual(named.toSorted());
  for (const { table, star, projected, filtered, tested = [], joined, grouped } of tables) {
    const filters = readsOf(table.tableId).map(([, columns]) => columns);
    for (const column of filtered)
      expect(
        filters.every((columns) => columns.has(column)),
        `${column} filters ${table.tableId} in ${sql}`,
      ).toBe(true);
    const known = new Set([...projected, ...filtered, ...tested, ...joined, ...grouped]);
    const columns = [...used].filter((origin) => origin.startsWith(`${table.tableId}#`));
    const missing = columns
      .map((origin) => origin.split('.')[1] ?? '')
      .filter((column) => !known.has(column));
    if (!star) expect(missing, `columns of ${table.tableId} in ${sql}`).toEqual([]);
  }
}

test('a query in pipe syntax has no table, column or filter that its reading gets wrong', {
  timeout: 60_000,
}, () => {
  let unread = 0;
  const runs = 200;
  fc.assert(
    fc.property(choices, (chosen) => {
      const pipes = new KnownPipes(chosen);
      const sql = pipes.query();
      if (read(sql).reader !== 'polyglot') unread += 1;
      else expectNoHole(sql, pipes);
    }),
    { numRuns: runs },
  );

  expect(unread).toBeLessThan(runs / 5);
});

/** Scripts with so many queries. */
const SCRIPTS: readonly ((query: () => string, counted: () => string) => string)[] = [
  (query) => `BEGIN ${query()}; ${query()}; END`,
  (query, counted) => `IF EXISTS (${counted()}) THEN ${query()}; ELSE ${query()}; END IF`,
  (query, counted) => `WHILE x < (SELECT COUNT(*) FROM (${counted()})) DO ${query()}; END WHILE`,
  (query) => `FOR r IN (${query()}) DO IF x THEN ${query()}; END IF; END FOR`,
  (query) =>
    `CASE WHEN x THEN ${query()}; ELSE BEGIN ${query()}; EXCEPTION WHEN ERROR THEN ${query()}; END; END CASE`,
  (query) => `LOOP ${query()}; LEAVE; END LOOP; ${query()}`,
];

test('a script has those of all its branches', { timeout: 60_000 }, () => {
  let unread = 0;
  const runs = 80;
  fc.assert(
    fc.property(choices, fc.constantFrom(...SCRIPTS), (chosen, script) => {
      const pipes = new KnownPipes(chosen);
      const sql = script(
        () => pipes.query(),
        () => pipes.counted(),
      );
      const { reader, statement } = read(sql);
      if (reader !== 'polyglot') unread += 1;
      else {
        expect(statement).toBe('SCRIPT');
        expectNoHole(sql, pipes);
      }
    }),
    { numRuns: runs },
  );

  expect(unread).toBeLessThan(runs / 4);
});
