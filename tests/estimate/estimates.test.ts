import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Asker, DryRun, PricedJob } from '../../src/estimate/dry-run.ts';
import { createEstimates } from '../../src/estimate/estimates.ts';
import { ANA, asker, BIA, job } from './builders.ts';
import { ana, anaAgain, bia, createEstimate, estimates, SQL, told } from './estimates-of-warehouse.ts';

describe('an estimate', () => {
  test('is asked of the warehouse once, and then remembered', async () => {
    const { find, warehouse } = await estimates();

    const answers = [await told(find(job(SQL), ana)), await told(find(job(SQL), ana))];

    expect(answers).toEqual(['1 by dry run', '1 by cache']);
    expect(warehouse.seen).toHaveLength(1);
  });

  test('is shared with another token of the same principal, once the warehouse has confirmed it', async () => {
    const { find, warehouse } = await estimates();
    await find(job(SQL), ana);

    const unconfirmed = await told(find(job(SQL), anaAgain));
    const confirmed = await told(find(job(SQL), anaAgain));

    expect(unconfirmed).toBe('2 by dry run');
    expect(confirmed).toMatch(/ by cache$/);
    expect(warehouse.seen).toHaveLength(2);
  });

  test('is shared with a token that another question has confirmed', async () => {
    const { find } = await estimates();
    await find(job('SELECT 1'), anaAgain);
    await find(job(SQL), ana);

    expect(await told(find(job(SQL), anaAgain))).toBe('2 by cache');
  });

  test('is never shared with another principal', async () => {
    const { find } = await estimates();
    await find(job('SELECT 1'), bia);
    await find(job(SQL), ana);

    const { estimate, source } = await find(job(SQL), bia);

    expect([estimate.principal, source]).toEqual([BIA, 'dry run']);
  });

  test('is never given to a token that the warehouse refuses, whatever is remembered', async () => {
    const { find } = await estimates();
    await find(job(SQL), ana);

    await expect(find(job(SQL), asker('made-up'))).rejects.toMatchObject({ answer: { status: 401 } });
    await expect(find(job(SQL), asker('made-up'))).rejects.toMatchObject({ answer: { status: 401 } });
  });

  const base = job(SQL, { location: 'US' });
  const others: [string, PricedJob, Asker][] = [
    ['configuration', { ...base, configuration: { query: { query: SQL, useLegacySql: true } } }, ana],
    ['text', job(`${SQL} `, { location: 'US' }), ana],
    ['location', { ...base, location: 'southamerica-east1' }, ana],
    ['location, where none is named', { ...base, location: null }, ana],
    ['project', { ...base, projectId: 'another' }, ana],
    ['API key or quota user', base, { ...ana, search: '?quotaUser=x' }],
  ];

  test.each(others)('is never that of another %s', async (_what, otherJob, otherAsker) => {
    const { find } = await estimates();
    await find(base, ana);

    expect(await told(find(base, ana))).toBe('1 by cache');
    expect(await told(find(otherJob, otherAsker))).toBe('2 by dry run');
  });

  test('is made once for identical questions that arrive together', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });

    const answers = await Promise.all([1, 2, 3, 4].map(() => told(find(job(SQL), ana))));

    expect(answers).toEqual(['1 by dry run', '1 by shared', '1 by shared', '1 by shared']);
    expect(warehouse.seen).toHaveLength(1);
  });

  test('is made once for two tokens of one confirmed principal that arrive together', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });
    await Promise.all([find(job('SELECT 1'), ana), find(job('SELECT 1'), anaAgain)]);
    const before = warehouse.seen.length;

    const answers = await Promise.all([find(job(SQL), ana), find(job(SQL), anaAgain)]);

    expect(answers.map((answer) => answer.source)).toEqual(['dry run', 'shared']);
    expect(warehouse.seen).toHaveLength(before + 1);
  });

  test('is remembered as a new token confirms it, while an older token still waits for its own', async () => {
    const { find, warehouse } = await estimates({ delayMs: (count) => (count === 2 ? 100 : 0) });
    await find(job('SELECT 1'), ana);
    const waiting = told(find(job(SQL), ana));
    await expect.poll(() => warehouse.seen.length).toBe(2);

    const confirming = await told(find(job(SQL), anaAgain));
    const meanwhile = await told(find(job(SQL), ana));

    expect([confirming, meanwhile, await waiting]).toEqual(['3 by dry run', '3 by cache', '2 by dry run']);
    expect(warehouse.seen).toHaveLength(3);
  });

  test('is made for each of two tokens that arrive together before any is confirmed', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });

    const answers = await Promise.all([find(job(SQL), ana), find(job(SQL), bia)]);

    expect(answers.map(({ estimate }) => estimate.principal)).toEqual([ANA, BIA]);
    expect(warehouse.seen).toHaveLength(2);
  });

  test('is made anew when its time to live is over', async () => {
    const { find } = await estimates({ ttlMs: 20 });
    await find(job(SQL), ana);
    await sleep(60);

    expect(await told(find(job(SQL), ana))).toBe('2 by dry run');
  });

  test('is made afresh when it is asked for, and then remembered in place of the old one', async () => {
    const { find, findAfresh } = await estimates();
    await find(job(SQL), ana);
    await find(job(SQL), ana);

    const afresh = await told(findAfresh(job(SQL), ana));

    expect(afresh).toBe('2 by dry run');
    expect(await told(find(job(SQL), ana))).toBe('2 by cache');
  });

  test('made afresh is shared by those who ask afresh together', async () => {
    const { find, findAfresh, warehouse } = await estimates({ delayMs: () => 30 });
    await find(job(SQL), ana);

    const answers = await Promise.all([findAfresh(job(SQL), ana), findAfresh(job(SQL), ana)]);

    expect(answers.map(({ estimate }) => estimate.bytesProcessed)).toEqual([2n, 2n]);
    expect(warehouse.seen).toHaveLength(2);
  });
});

describe('where tables are', () => {
  const table = (tableId: string) => ({ projectId: 'p', datasetId: 'd', tableId });

  test('is known of those that dry runs read before, and not where two of them are in different places', async () => {
    const places: Readonly<Record<string, string>> = { a: 'US', b: 'US', c: 'EU' };
    const dryRun: DryRun = async ({ location }) => ({
      ...createEstimate(),
      location: places[location ?? ''] ?? '',
      referencedTables: [table(location ?? '')],
    });
    const found = createEstimates({ dryRun, ttlMs: 60_000, maxEntries: 100, principalOf: async () => null });
    for (const location of ['a', 'b', 'c']) await found.find(job(SQL, { location }), ana);

    const told = [['a', 'b'], ['a', 'c'], ['a', 'unknown'], []].map((tables) =>
      found.locationOf(tables.map(table)),
    );

    expect(told).toEqual(['US', null, null, null]);
  });
});
