import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type DryRun, Unpriced } from '../../src/estimate/dry-run.ts';
import { createEstimates } from '../../src/estimate/estimates.ts';
import { ANA, asker, job } from './builders.ts';
import { ana, anaAgain, createEstimate, estimates, SQL, told } from './estimates-of-warehouse.ts';

describe('a failure to estimate', () => {
  /** A dry run that fails as often as it is told, and then has a price. */
  function failing(times: number): { dryRun: DryRun; calls: () => number } {
    let calls = 0;
    const price = createEstimate();
    return {
      calls: () => calls,
      dryRun: async () => {
        calls += 1;
        await sleep(10);
        if (calls <= times) throw new Unpriced(`failed ${calls}`, null);
        return price;
      },
    };
  }

  const cacheOf = (dryRun: DryRun) =>
    createEstimates({ dryRun, ttlMs: 60_000, maxEntries: 10, principalOf: async () => null });

  test('is told to all who asked together, and not remembered', async () => {
    const { dryRun, calls } = failing(1);
    const { find } = cacheOf(dryRun);

    const together = await Promise.allSettled([find(job(SQL), ana), find(job(SQL), ana)]);

    expect(together.map((one) => one.status === 'rejected' && one.reason.message)).toEqual([
      'failed 1',
      'failed 1',
    ]);
    expect(await told(find(job(SQL), ana))).toBe('7 by dry run');
    expect(calls()).toBe(2);
  });

  test('leaves nothing to be told of a question that was asked afresh', async () => {
    let broken = false;
    const { dryRun } = failing(0);
    const { find, findAfresh } = cacheOf(async (one, who) => {
      if (broken) throw new Unpriced('down', null);
      return dryRun(one, who);
    });
    await find(job(SQL), ana);
    broken = true;

    await expect(findAfresh(job(SQL), ana)).rejects.toThrow('down');
    await expect(find(job(SQL), ana)).rejects.toThrow('down');
  });
});

describe('a warehouse that does not name the caller', () => {
  test('leaves the name to be asked elsewhere, under the token that it has just accepted', async () => {
    const asked: string[] = [];
    const { find, warehouse } = await estimates({
      namesCaller: false,
      principalOf: async ({ headers }) => {
        asked.push(`${headers['authorization']} after ${warehouse.seen.length}`);
        return ANA;
      },
    });

    const { estimate } = await find(job(SQL), ana);

    expect(estimate.principal).toBe(ANA);
    expect(asked).toEqual(['Bearer ana-1 after 1']);
  });

  test('has nobody else asked where it refuses the token', async () => {
    const asked: string[] = [];
    const { find } = await estimates({
      principalOf: async ({ credentialKey }) => {
        asked.push(credentialKey);
        return ANA;
      },
    });

    await expect(find(job(SQL), asker('made-up'))).rejects.toBeInstanceOf(Unpriced);

    expect(asked).toEqual([]);
  });

  test('keeps estimates of the nameless apart by their tokens', async () => {
    const { find } = await estimates({ namesCaller: false });
    await find(job(SQL), ana);

    const answers = [await told(find(job(SQL), ana)), await told(find(job(SQL), anaAgain))];

    expect(answers).toEqual(['1 by cache', '2 by dry run']);
  });
});
