import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { Asker, DryRun, PricedJob } from '../../src/estimate/dry-run.ts';
import { createEstimates } from '../../src/estimate/estimates.ts';
import { Unpriced } from '../../src/estimate/unpriced.ts';
import { ANA, asker, BIA, job } from './builders.ts';
import { ana, anaAgain, answerOf, bia, createEstimate, estimates, SQL } from './estimates-of-warehouse.ts';
import { unpriced } from './unpriced.ts';

describe('an estimate', () => {
  test('takes one dry run, and is then remembered', async () => {
    const { find, warehouse } = await estimates();

    const answers = [await answerOf(find(job(SQL), ana)), await answerOf(find(job(SQL), ana))];

    expect(answers).toEqual(['1 by dry run', '1 by cache']);
    expect(warehouse.seen).toHaveLength(1);
  });

  test('is a lower bound once its job was stopped by it, asked afresh or remembered, and only that of this job is', async () => {
    const { find, findAfresh, remembered, toldTooLittle } = createEstimates({
      dryRun: async () => createEstimate(),
      ttlMs: 60_000,
      maxEntries: 10,
      principalOf: async () => null,
    });
    const accuracy = ({ estimate }: { readonly estimate: { readonly accuracy: string } }) =>
      estimate.accuracy;
    const before = accuracy(await find(job(SQL), ana));

    toldTooLittle(job(SQL), ana);

    expect(before).toBe('PRECISE');
    expect(accuracy(await findAfresh(job(SQL), ana))).toBe('LOWER_BOUND');
    expect(remembered(job(SQL), ana)?.estimate.accuracy).toBe('LOWER_BOUND');
    expect(accuracy(await find(job('SELECT 1'), ana))).toBe('PRECISE');
  });

  test('is shared with another token of the same principal once the warehouse has confirmed that token', async () => {
    const { find, warehouse } = await estimates();
    await find(job(SQL), ana);

    const unconfirmed = await answerOf(find(job(SQL), anaAgain));
    const confirmed = await answerOf(find(job(SQL), anaAgain));

    expect(unconfirmed).toBe('2 by dry run');
    expect(confirmed).toMatch(/ by cache$/);
    expect(warehouse.seen).toHaveLength(2);
  });

  test('is shared with a token that was confirmed by another query', async () => {
    const { find } = await estimates();
    await find(job('SELECT 1'), anaAgain);
    await find(job(SQL), ana);

    expect(await answerOf(find(job(SQL), anaAgain))).toBe('2 by cache');
  });

  test('is never shared with another principal', async () => {
    const { find } = await estimates();
    await find(job('SELECT 1'), bia);
    await find(job(SQL), ana);

    const { estimate, source } = await find(job(SQL), bia);

    expect([estimate.principal, source]).toEqual([BIA, 'dry run']);
  });

  test('is never given to a token that the warehouse refuses, even if it is remembered', async () => {
    const { find } = await estimates();
    await find(job(SQL), ana);

    await expect(find(job(SQL), asker('made-up'))).rejects.toMatchObject({ answer: { status: 401 } });
    await expect(find(job(SQL), asker('made-up'))).rejects.toMatchObject({ answer: { status: 401 } });
  });

  test('is no longer given to a token that the warehouse has refused since, until a dry run under it succeeds', async () => {
    let isRefused = false;
    const { find, remembered, principalOf } = createEstimates({
      dryRun: async () => {
        if (isRefused) throw new Unpriced('refused', { status: 401, headers: {}, body: '' });
        return createEstimate();
      },
      ttlMs: 60_000,
      maxEntries: 10,
      principalOf: async () => null,
    });
    await find(job(SQL), ana);
    isRefused = true;
    await unpriced(find(job('SELECT 1'), ana));

    expect([remembered(job(SQL), ana), principalOf(ana)]).toEqual([null, null]);
    isRefused = false;
    await find(job('SELECT 1'), ana);

    expect((await find(job(SQL), ana)).source).toBe('cache');
  });

  const base = job(SQL, { location: 'US' });
  const others: [string, PricedJob, Asker][] = [
    ['configuration', { ...base, configuration: { query: { query: SQL, useLegacySql: true } } }, ana],
    ['SQL text', job(`${SQL} `, { location: 'US' }), ana],
    ['location', { ...base, location: 'southamerica-east1' }, ana],
    ['location, given none', { ...base, location: null }, ana],
    ['project', { ...base, projectId: 'another' }, ana],
    ['API key or quota user', base, { ...ana, search: '?quotaUser=x' }],
  ];

  test.each(others)('is never reused for another %s', async (_what, otherJob, otherAsker) => {
    const { find } = await estimates();
    await find(base, ana);

    expect(await answerOf(find(base, ana))).toBe('1 by cache');
    expect(await answerOf(find(otherJob, otherAsker))).toBe('2 by dry run');
  });

  test('takes one dry run for identical queries that arrive together', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });

    const answers = await Promise.all([1, 2, 3, 4].map(() => answerOf(find(job(SQL), ana))));

    expect(answers).toEqual(['1 by dry run', '1 by shared', '1 by shared', '1 by shared']);
    expect(warehouse.seen).toHaveLength(1);
  });

  test('takes one dry run for queries with two tokens of one confirmed principal that arrive together', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });
    await Promise.all([find(job('SELECT 1'), ana), find(job('SELECT 1'), anaAgain)]);
    const before = warehouse.seen.length;

    const answers = await Promise.all([find(job(SQL), ana), find(job(SQL), anaAgain)]);

    expect(answers.map((answer) => answer.source)).toEqual(['dry run', 'shared']);
    expect(warehouse.seen).toHaveLength(before + 1);
  });

  test('is remembered from the dry run with a new token while one with an older token is still pending', async () => {
    const { find, warehouse } = await estimates({ delayMs: (count) => (count === 2 ? 100 : 0) });
    await find(job('SELECT 1'), ana);
    const waiting = answerOf(find(job(SQL), ana));
    await expect.poll(() => warehouse.seen.length).toBe(2);

    const confirming = await answerOf(find(job(SQL), anaAgain));
    const meanwhile = await answerOf(find(job(SQL), ana));

    expect([confirming, meanwhile, await waiting]).toEqual(['3 by dry run', '3 by cache', '2 by dry run']);
    expect(warehouse.seen).toHaveLength(3);
  });

  test('takes a dry run for each of two unconfirmed tokens that arrive together', async () => {
    const { find, warehouse } = await estimates({ delayMs: () => 30 });

    const answers = await Promise.all([find(job(SQL), ana), find(job(SQL), bia)]);

    expect(answers.map(({ estimate }) => estimate.principal)).toEqual([ANA, BIA]);
    expect(warehouse.seen).toHaveLength(2);
  });

  test('takes another dry run once its time to live is over', async () => {
    const { find } = await estimates({ ttlMs: 20 });
    await find(job(SQL), ana);
    await sleep(60);

    expect(await answerOf(find(job(SQL), ana))).toBe('2 by dry run');
  });

  test('can be requested fresh, and is then remembered in place of the old one', async () => {
    const { find, findAfresh } = await estimates();
    await find(job(SQL), ana);
    await find(job(SQL), ana);

    const afresh = await answerOf(findAfresh(job(SQL), ana));

    expect(afresh).toBe('2 by dry run');
    expect(await answerOf(find(job(SQL), ana))).toBe('2 by cache');
  });

  test('that is requested fresh several times at once takes one dry run', async () => {
    const { find, findAfresh, warehouse } = await estimates({ delayMs: () => 30 });
    await find(job(SQL), ana);

    const answers = await Promise.all([findAfresh(job(SQL), ana), findAfresh(job(SQL), ana)]);

    expect(answers.map(({ estimate }) => estimate.bytesProcessed)).toEqual([2n, 2n]);
    expect(warehouse.seen).toHaveLength(2);
  });
});

describe('the location of tables', () => {
  const table = (tableId: string) => ({ projectId: 'p', datasetId: 'd', tableId });

  test('is known from earlier dry runs, and null if tables are in different locations or unknown', async () => {
    const places: Readonly<Record<string, string>> = { a: 'US', b: 'US', c: 'EU' };
    const dryRun: DryRun = async ({ location }) => ({
      ...createEstimate(),
      location: places[location ?? ''] ?? '',
      referencedTables: [table(location ?? '')],
    });
    const found = createEstimates({ dryRun, ttlMs: 60_000, maxEntries: 100, principalOf: async () => null });
    for (const location of ['a', 'b', 'c']) await found.find(job(SQL, { location }), ana);

    const locations = [['a', 'b'], ['a', 'c'], ['a', 'unknown'], []].map((tables) =>
      found.locationOf(tables.map(table)),
    );

    expect(locations).toEqual(['US', null, null, null]);
  });
});
