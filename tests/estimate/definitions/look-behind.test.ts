import { describe, expect, test } from 'vitest';
import { type DefinitionSources, lookBehind } from '../../../src/estimate/definitions/look-behind.ts';
import { asStatement } from '../../../src/estimate/definitions/routine-definitions.ts';
import { readSql } from '../../../src/sql/read-sql.ts';
import type { Estimate } from '../../../src/vocabulary/estimate.ts';
import { routineName } from '../../../src/vocabulary/routine.ts';
import { type TableReference, tableName, tableNamed } from '../../../src/vocabulary/table.ts';
import { definition } from '../../policy/looked-up.ts';

/** What a small warehouse tells a caller. */
interface Told {
  /** The GoogleSQL of views by name; null for a table with rows. */
  readonly tables?: Readonly<Record<string, string | null>>;
  /** The bodies of functions by name; null for a remote function. */
  readonly routines?: Readonly<Record<string, string | null>>;
  /** Tables and routines that the dry run names. */
  readonly referencedTables?: readonly string[];
  readonly referencedRoutines?: readonly string[];
}

const PROJECT = 'p';
const NOTHING = { functions: [], routines: [], outsideRoutines: [], unread: [] };

function warehouse({ tables = {}, routines = {} }: Told) {
  const asked: string[] = [];
  const sources: DefinitionSources = {
    async tableOf(table) {
      asked.push(tableName(table));
      const sql = tables[tableName(table)];
      if (sql === undefined) return null;
      return sql === null ? definition({ table }) : definition({ table, kind: 'VIEW', sql });
    },
    async routineOf(routine) {
      asked.push(routineName(routine));
      const body = routines[routineName(routine)];
      if (body === undefined) return null;
      return body === null ? { isOutside: true, sql: null } : { isOutside: false, sql: asStatement(body) };
    },
    read: async (sql, projectId) => readSql(sql, { projectId, defaultDataset: null }),
  };
  return { asked, sources };
}

function queryOf(sql: string, { referencedTables = [], referencedRoutines }: Told) {
  const estimate: Estimate = {
    principal: null,
    statementType: 'SELECT',
    location: 'US',
    bytesProcessed: 0n,
    bytesBilled: 0n,
    accuracy: 'PRECISE',
    referencedTables: referencedTables.map(tableNamed),
    referencedRoutines,
    madeAtMs: 0,
  };
  return { reading: readSql(sql, { projectId: PROJECT, defaultDataset: null }), estimate };
}

async function behind(sql: string, told: Told, limits?: Parameters<typeof lookBehind>[2]) {
  const { asked, sources } = warehouse(told);
  return { asked, calls: await lookBehind(queryOf(sql, told), sources, limits) };
}

describe('what is behind a query', () => {
  test('includes what its views call, and the views behind these', async () => {
    const { calls } = await behind('SELECT a FROM d.outer', {
      tables: {
        'p.d.outer': 'SELECT UPPER(a) AS a FROM `p.e.inner`',
        'p.e.inner': "SELECT AI.GENERATE('x').result AS a FROM p.d.t",
      },
      referencedTables: ['p.d.t'],
    });

    expect(calls).toEqual({ ...NOTHING, functions: ['UPPER', 'AI.GENERATE'] });
  });

  test('includes the functions that the SQL and its views call, and what these call', async () => {
    const { calls } = await behind('SELECT d.Tidy(a) FROM d.v', {
      tables: { 'p.d.v': 'SELECT p.d.score(a) AS a FROM p.d.t' },
      routines: { 'p.d.Tidy': 'TRIM(x) -- of spaces', 'p.d.score': 'p.d.remote(x)', 'p.d.remote': null },
      referencedTables: ['p.d.t'],
    });

    expect(calls).toEqual({
      functions: ['P.D.SCORE', 'TRIM', 'P.D.REMOTE'],
      routines: ['p.d.Tidy', 'p.d.score', 'p.d.remote'],
      outsideRoutines: ['p.d.remote'],
      unread: [],
    });
  });

  test('includes what a materialized view calls', async () => {
    const { sources } = warehouse({});
    const sql = "SELECT AI.GENERATE('x').result AS a FROM p.d.t";
    const tableOf = async (table: TableReference) => definition({ table, kind: 'MATERIALIZED_VIEW', sql });
    const query = queryOf('SELECT a FROM d.v', { referencedTables: ['p.d.t'] });

    expect((await lookBehind(query, { ...sources, tableOf })).functions).toEqual(['AI.GENERATE']);
  });

  test('includes functions that only the dry run names', async () => {
    const { calls } = await behind('SELECT a FROM d.t', {
      routines: { 'example.com:shop.d.remote': null },
      referencedTables: ['p.d.t'],
      referencedRoutines: ['example.com:shop.d.remote'],
    });

    expect(calls.outsideRoutines).toEqual(['example.com:shop.d.remote']);
  });

  test('includes the views that a table function reads, in the project of the function', async () => {
    const { calls } = await behind('SELECT a FROM q.d.rows_of(1)', {
      tables: { 'q.d.v': 'SELECT a FROM EXTERNAL_QUERY("c", "SELECT 1")' },
      routines: { 'q.d.rows_of': 'SELECT a FROM d.v' },
    });

    expect(calls).toMatchObject({ functions: ['EXTERNAL_QUERY'], unread: [] });
  });

  test('is nothing for tables that the dry run names, wildcards, INFORMATION_SCHEMA and temporary tables, and nobody is asked', async () => {
    const { asked, calls } = await behind(
      'CREATE TEMP TABLE own AS SELECT 1 AS a; SELECT a FROM d.t, own, d.events_*, d.INFORMATION_SCHEMA.TABLES',
      { referencedTables: ['p.d.t'] },
    );

    expect([asked, calls]).toEqual([[], NOTHING]);
  });

  test('is nothing for a table whose rows come from the cache, so that the dry run does not name it', async () => {
    const { calls } = await behind('SELECT a FROM d.t', { tables: { 'p.d.t': null } });

    expect(calls).toEqual(NOTHING);
  });
});

describe('a definition that cannot be read', () => {
  test.each([
    ['a view that the caller may not see', 'SELECT a FROM d.v', {}, 'p.d.v'],
    ['a function that the caller may not see', 'SELECT d.f(a)', {}, 'p.d.f'],
    ['a view that no parser reads', 'SELECT a FROM d.v', { tables: { 'p.d.v': 'SELECT {{ a }}' } }, 'p.d.v'],
    [
      'a view behind a view',
      'SELECT a FROM d.v',
      { tables: { 'p.d.v': 'SELECT a FROM d.hidden' } },
      'p.d.hidden',
    ],
  ])('is named: %s', async (_what, sql, told, name) => {
    const { calls } = await behind(sql, told);

    expect(calls).toMatchObject({ outsideRoutines: [], unread: [name] });
  });

  test('is named if it is a view whose SQL nobody tells, such as one in legacy SQL', async () => {
    const { sources } = warehouse({});
    const tableOf = async (table: TableReference) => definition({ table, kind: 'VIEW' });

    const calls = await lookBehind(queryOf('SELECT a FROM d.v', {}), { ...sources, tableOf });

    expect(calls.unread).toEqual(['p.d.v']);
  });

  test('still says by its words what it calls', async () => {
    const { calls } = await behind('SELECT a FROM d.v', {
      tables: { 'p.d.v': "SELECT AI.GENERATE('x'), {{ a }}" },
    });

    expect(calls).toMatchObject({ functions: ['AI.GENERATE'], unread: ['p.d.v'] });
  });

  test('is not missed for a table that the script itself makes', async () => {
    const { calls } = await behind('CREATE TABLE d.made AS SELECT 1 AS a; SELECT a FROM d.made', {});

    expect(calls.unread).toEqual([]);
  });
});

describe('the limits of looking behind', () => {
  const chain = (length: number) =>
    Object.fromEntries(Array.from({ length }, (_, n) => [`p.d.v${n}`, `SELECT a FROM d.v${n + 1}`] as const));

  test('a cycle is opened once around', async () => {
    const { asked, calls } = await behind('SELECT a FROM d.v', {
      tables: { 'p.d.v': 'SELECT a FROM d.w', 'p.d.w': 'SELECT d.f(a) FROM d.v' },
      routines: { 'p.d.f': 'd.f(x)' },
    });

    expect(asked).toEqual(['p.d.v', 'p.d.w', 'p.d.f']);
    expect(calls.unread).toEqual([]);
  });

  test('views are opened 16 deep, and the one behind them is named as unread', async () => {
    const { asked, calls } = await behind('SELECT a FROM d.v0', { tables: chain(20) });

    expect(asked).toHaveLength(16);
    expect(calls.unread).toEqual(['p.d.v16']);
  });

  test('a hundred definitions are opened, and the rest are named as unread', async () => {
    const names = Array.from({ length: 101 }, (_, n) => `d.f${n}(1)`);
    const routines = Object.fromEntries(names.map((_, n) => [`p.d.f${n}`, 'x']));
    const { asked, calls } = await behind(`SELECT ${names.join(', ')}`, { routines });

    expect(asked).toHaveLength(100);
    expect(calls.unread).toEqual(['p.d.f100']);
  });

  test('definitions count at whatever depth they are opened', async () => {
    const limits = { definitions: 3, depth: 16, milliseconds: 10_000 };
    const { asked, calls } = await behind('SELECT a FROM d.v0', { tables: chain(5) }, limits);

    expect([asked.length, calls.unread]).toEqual([3, ['p.d.v3']]);
  });

  test('nothing is opened once the time is over', async () => {
    const limits = { definitions: 100, depth: 16, milliseconds: 0 };
    const { asked, calls } = await behind('SELECT a FROM d.v0', { tables: chain(1) }, limits);

    expect([asked, calls.unread]).toEqual([[], ['p.d.v0']]);
  });
});
