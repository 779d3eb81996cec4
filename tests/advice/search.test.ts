import { describe, expect, test } from 'vitest';
import { type PricedForm, type SearchDependencies, searchRewrites } from '../../src/advice/search.ts';
import { subject } from './builders.ts';

const GIB = 1n << 30n;
const usd = (micros: bigint) => ({ currency: 'USD', micros });

/** The rewrites found for a query of 10 GiB, where `price` prices each rewrite. */
async function rewritesOf(
  sql: string,
  price: (sql: string) => Partial<PricedForm> | null,
  replacements: Parameters<typeof subject>[1] = {},
  repeats: Awaited<ReturnType<SearchDependencies['repeats']>> = null,
) {
  const { definitionOf, sites, ...form } = subject(sql, replacements);
  const search = searchRewrites(
    { ...form, bytesBilled: 10n * GIB, cost: usd(60_000n) },
    {
      definitionOf: async (table) => definitionOf(table),
      sites: async () => sites,
      repeats: async () => repeats,
      async price(other) {
        const priced = price(other);
        return priced && { bytesBilled: GIB, cost: usd(6_000n), passes: true, ...priced };
      },
    },
  );
  await search.ended;
  return search.found();
}

const kindsOf = (rewrites: Awaited<ReturnType<typeof rewritesOf>>) =>
  rewrites.map(({ changes }) => changes.map(({ kind }) => kind).join(' + '));

describe('the list of rewrites', () => {
  test('has the bytes from the dry run of each rewrite, and its saving', async () => {
    const [first] = await rewritesOf('SELECT id FROM messages', () => ({}));

    expect(first).toEqual({
      changes: [
        {
          kind: 'partition-filter',
          shows: 'created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
        },
      ],
      sql: 'SELECT id FROM messages WHERE created_at >= TIMESTAMP_SUB(CURRENT_TIMESTAMP(), INTERVAL 7 DAY)',
      result: 'changed',
      bytesBilled: GIB,
      savedOver: 'run',
      savedBytes: 9n * GIB,
      savedCost: usd(54_000n),
      passes: true,
    });
  });

  test('omits a rewrite that the warehouse rejects', async () => {
    const found = await rewritesOf('SELECT * FROM messages', (sql) => (sql.includes('WHERE') ? null : {}));

    expect(kindsOf(found)).toEqual(['columns']);
  });

  test.each([
    ['costs more', 11n * GIB],
    ['costs the same and changes the result', 10n * GIB],
  ])('omits a rewrite that %s', async (_what, bytesBilled) => {
    expect(await rewritesOf('SELECT COUNT(DISTINCT id) FROM agents', () => ({ bytesBilled }))).toEqual([]);
  });

  test('includes a rewrite that saves nothing if it keeps the result and would be admitted', async () => {
    const sql = 'SELECT id FROM (SELECT * FROM agents)';
    const same = { bytesBilled: 10n * GIB, cost: usd(60_000n) };

    expect(await rewritesOf(sql, () => same)).toMatchObject([
      { result: 'same', savedBytes: 0n, passes: true },
    ]);
    expect(await rewritesOf(sql, () => ({ ...same, passes: false }))).toEqual([]);
  });

  test('has no saving of money for a rewrite that costs more', async () => {
    const [first] = await rewritesOf('SELECT id FROM messages', () => ({ cost: usd(70_000n) }));

    expect(first?.savedCost).toEqual(usd(0n));
  });

  test('includes a cacheable rewrite only if repeats were billed, with what they were billed as saving', async () => {
    const sql = 'SELECT id FROM agents WHERE CURRENT_TIMESTAMP() > seen_at';
    const same = { bytesBilled: 10n * GIB, cost: usd(60_000n), passes: false };
    const repeats = { bytesBilled: 40n * GIB, cost: usd(240_000n) };

    expect(await rewritesOf(sql, () => same, {}, repeats)).toMatchObject([
      { result: 'changed', passes: false, savedOver: 'day', savedBytes: 40n * GIB, savedCost: usd(240_000n) },
    ]);
    expect(await rewritesOf(sql, () => same, {}, { bytesBilled: 0n, cost: usd(0n) })).toEqual([]);
    expect(await rewritesOf(sql, () => same)).toEqual([]);
  });

  test('is empty if there is nothing to change', async () => {
    expect(await rewritesOf('SELECT id FROM agents', () => ({}))).toEqual([]);
  });
});

describe('the order of rewrites', () => {
  test('puts rewrites that would be admitted first, however little they save', async () => {
    const found = await rewritesOf('SELECT * FROM messages', (sql) =>
      sql.includes('WHERE') ? { bytesBilled: 1n, passes: false } : { bytesBilled: 5n * GIB },
    );

    expect(kindsOf(found)).toEqual(['columns', 'partition-filter']);
  });

  test('puts rewrites that keep the result next', async () => {
    const replaced = { 'p.d.agents': { table: 'p.d.agents2', result: 'same' } } as const;
    const found = await rewritesOf(
      'SELECT * FROM messages JOIN agents USING (id)',
      (sql) => (sql.includes('agents2') ? { bytesBilled: 9n * GIB } : {}),
      replaced,
    );

    expect(kindsOf(found)).toEqual(['replacement-table', 'partition-filter']);
  });

  test('then puts those that save most first', async () => {
    const found = await rewritesOf('SELECT * FROM messages', (sql) =>
      sql.includes('WHERE') ? { bytesBilled: 2n * GIB } : {},
    );

    expect(kindsOf(found)).toEqual(['columns', 'partition-filter']);
  });
});

describe('several changes at once', () => {
  test('are offered if the query would be admitted only with all of them', async () => {
    const found = await rewritesOf('SELECT * FROM messages', (sql) => ({
      passes: sql.includes('WHERE') && !sql.includes('*'),
    }));

    expect(kindsOf(found)[0]).toBe('partition-filter + columns');
    expect(found[0]?.sql).toMatch(/^SELECT id, created_at FROM messages WHERE created_at >= /);
  });

  test('are not offered if one of them is enough', async () => {
    const found = await rewritesOf('SELECT * FROM messages', () => ({}));

    expect(kindsOf(found)).toEqual(['partition-filter', 'columns']);
  });
});
