import fc from 'fast-check';
import { expect, test } from 'vitest';
import { readSql } from '../../../src/sql/read-sql.ts';

/** A column of a relation: the columns of tables that it is, and whether any list up to here names it. */
interface KnownColumn {
  readonly name: string;
  readonly origins: readonly string[];
  readonly isNamed: boolean;
}

/** A query made of parts whose meaning is known, so that what the reader says can be compared with it. */
interface KnownQuery {
  readonly sql: string;
  readonly columns: readonly KnownColumn[];
  /** Every table in it, at any depth. */
  readonly tables: readonly string[];
  readonly starred: readonly string[];
}

const COLUMNS = ['a', 'b', 'c'];

const table: fc.Arbitrary<KnownQuery> = fc.constantFrom('t', 'u', 'v').map((name) => ({
  sql: `e.${name}`,
  columns: COLUMNS.map((column) => ({ name: column, origins: [`${name}.${column}`], isNamed: false })),
  tables: [name],
  starred: [],
}));

/** `SELECT` of all columns, or of some of them by name, from a table or a query. */
function selectFrom(
  source: KnownQuery,
  picks: readonly number[],
  isStar: boolean,
  alias: string,
): KnownQuery {
  const from = source.sql.startsWith('e.') ? source.sql : `(${source.sql}) AS ${alias}`;
  const isTable = source.sql.startsWith('e.');
  if (isStar) {
    const starred = isTable ? source.tables : [];
    return { ...source, sql: `SELECT * FROM ${from}`, starred: [...source.starred, ...starred] };
  }
  const columns = picks.map((pick, index) => {
    const { name, origins } = source.columns[pick % source.columns.length] ?? { name: '', origins: [] };
    return { from: name, name: COLUMNS[index] ?? '', origins, isNamed: true };
  });
  const list = columns.map((column) => `${column.from} AS ${column.name}`).join(', ');
  return { ...source, sql: `SELECT ${list} FROM ${from}`, columns };
}

/** A common table may have a stored table's own name: it hides none that is written with its dataset. */
function throughCommonTable(
  inner: KnownQuery,
  name: string,
  picks: readonly number[],
  isStar: boolean,
): KnownQuery {
  const outer = selectFrom({ ...inner, sql: name }, picks, isStar, 'unused');
  return {
    ...outer,
    sql: `WITH ${name} AS (${inner.sql}) ${outer.sql.replace(`(${name}) AS unused`, name.toUpperCase())}`,
  };
}

function stacked(upper: KnownQuery, lower: KnownQuery): KnownQuery {
  return {
    sql: `(${upper.sql}) UNION ALL (${lower.sql})`,
    columns: upper.columns.map((column, at) => ({
      name: column.name,
      origins: [...column.origins, ...(lower.columns[at]?.origins ?? [])],
      isNamed: true,
    })),
    tables: [...upper.tables, ...lower.tables],
    starred: [...upper.starred, ...lower.starred],
  };
}

const picks = fc.array(fc.nat(2), { minLength: 1, maxLength: 3 });
const { query } = fc.letrec<{ query: KnownQuery }>((tie) => ({
  query: fc.oneof(
    { depthSize: 'small' },
    fc.tuple(table, picks, fc.boolean()).map(([from, list, isStar]) => selectFrom(from, list, isStar, 'q')),
    fc
      .tuple(tie('query'), picks, fc.boolean())
      .map(([from, list, isStar]) => selectFrom(from, list, isStar, 'e')),
    fc
      .tuple(tie('query'), fc.constantFrom('t', 'u', 'common'), picks, fc.boolean())
      .map(([inner, name, list, isStar]) => throughCommonTable(inner, name, list, isStar)),
    fc
      .tuple(tie('query'), tie('query'), picks)
      .map(([upper, lower, list]) =>
        stacked(selectFrom(upper, list, false, 'q'), selectFrom(lower, list, false, 'q')),
      ),
  ),
}));

test('tables, stars and selected columns of a query are those that it was made of', () => {
  fc.assert(
    fc.property(query, ({ sql, columns, tables, starred }) => {
      const reading = readSql(sql, { projectId: 'p', defaultDataset: null });
      const named = columns.filter(({ isNamed }) => isNamed).flatMap(({ origins }) => origins);

      expect(reading.reader).toBe('polyglot');
      expect(reading.tables.map((use) => use.table.tableId).toSorted()).toEqual(
        [...new Set(tables)].toSorted(),
      );
      for (const use of reading.tables) {
        const own = (column: string) => `${use.table.tableId}.${column}`;
        expect(use.star).toBe(starred.includes(use.table.tableId));
        expect(use.projected.map(own).toSorted()).toEqual(
          [...new Set(named)].filter((origin) => origin.startsWith(own(''))).toSorted(),
        );
      }
    }),
    { numRuns: 300 },
  );
});

interface KnownCondition {
  readonly sql: string;
  /** What it says of a row whose day is out of range, for each value of `x = 1`. */
  readonly outOfRange: (isX: boolean) => boolean;
}

const OF_DAY = [
  "day > '2026-11-01'",
  'day = @day',
  "day BETWEEN '2026-11-01' AND '2026-11-02'",
  'day IN UNNEST(@days)',
];

const { condition } = fc.letrec<{ condition: KnownCondition; other: KnownCondition }>((tie) => {
  const joined = (of: 'condition' | 'other') =>
    fc.tuple(tie(of), tie(of), fc.constantFrom('AND', 'OR')).map(([left, right, operator]) => ({
      sql: `(${left.sql} ${operator} ${right.sql})`,
      outOfRange: (isX: boolean) =>
        operator === 'AND'
          ? left.outOfRange(isX) && right.outOfRange(isX)
          : left.outOfRange(isX) || right.outOfRange(isX),
    }));
  const plain = fc.constantFrom(
    { sql: 'x = 1', outOfRange: (isX: boolean) => isX },
    { sql: 'TRUE', outOfRange: () => true },
    { sql: 'day IS NOT NULL', outOfRange: () => true },
    { sql: "day <> '2026-11-01'", outOfRange: () => true },
  );
  return {
    other: fc.oneof(
      { depthSize: 'small' },
      plain,
      joined('other'),
      tie('other').map(({ sql, outOfRange }) => ({
        sql: `NOT (${sql})`,
        outOfRange: (isX: boolean) => !outOfRange(isX),
      })),
    ),
    condition: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(...OF_DAY).map((sql) => ({ sql, outOfRange: () => false })),
      tie('other'),
      joined('condition'),
    ),
  };
});

test('a column counts as filtered only if no row is let through whatever its value', () => {
  fc.assert(
    fc.property(condition, ({ sql, outOfRange }) => {
      const { tables } = readSql(`SELECT x FROM e.t WHERE ${sql}`, { projectId: 'p', defaultDataset: null });

      if (outOfRange(true) || outOfRange(false)) expect(tables[0]?.filtered).not.toContain('day');
    }),
    { numRuns: 500 },
  );
});
