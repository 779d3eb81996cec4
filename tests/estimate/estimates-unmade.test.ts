import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { createDryRun, type DryRun } from '../../src/estimate/dry-run.ts';
import { createEstimates } from '../../src/estimate/estimates.ts';
import { Unpriced } from '../../src/estimate/unpriced.ts';
import { littleServer, sendJson } from '../little-server.ts';
import { ANA, asker, BIA, job } from './builders.ts';
import { ana, anaAgain, answerOf, createEstimate, estimates, SQL } from './estimates-of-warehouse.ts';
import { unpriced } from './unpriced.ts';

describe('a failure to estimate', () => {
  /** A dry run that fails this many times, and then succeeds. */
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

  test('reaches all requests that shared the dry run, and is not remembered', async () => {
    const { dryRun, calls } = failing(1);
    const { find } = cacheOf(dryRun);

    const together = await Promise.allSettled([find(job(SQL), ana), find(job(SQL), ana)]);

    expect(together.map((one) => one.status === 'rejected' && one.reason.message)).toEqual([
      'failed 1',
      'failed 1',
    ]);
    expect(await answerOf(find(job(SQL), ana))).toBe('7 by dry run');
    expect(calls()).toBe(2);
  });

  test('of a fresh estimate removes the remembered one', async () => {
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

describe('the principal of a query that could not be priced', () => {
  /** Estimates from a warehouse that answers the n-th dry run like this; the fallback always names Ana. */
  async function answering(answer: (count: number) => readonly [number, object]) {
    const warehouse = await littleServer((response, _seen, count) => sendJson(response, ...answer(count)));
    const dryRun = createDryRun({ upstream: warehouse.url, timeoutMs: 5000 });
    return createEstimates({ dryRun, ttlMs: 60_000, maxEntries: 10, principalOf: async () => ANA });
  }
  const error = (code: number, reason: string) => [code, { error: { code, errors: [{ reason }] } }] as const;
  const price = [200, { user_email: BIA, statistics: { query: { totalBytesProcessed: '1' } } }] as const;

  test.each([error(400, 'invalidQuery'), error(404, 'notFound'), error(403, 'accessDenied')])(
    'is known if the warehouse has examined the query with their credential: %j',
    async (status, body) => {
      const { find, principalOf } = await answering(() => [status, body]);

      expect((await unpriced(find(job(SQL), ana))).principal).toBe(ANA);
      // Only a successful answer confirms a principal for sharing estimates.
      expect(principalOf(ana)).toBeNull();
    },
  );

  test.each([error(401, 'authError'), error(400, 'badRequest'), error(503, 'backendError')])(
    'is unknown if the warehouse may not have accepted their credential: %j',
    async (status, body) => {
      const { find } = await answering(() => [status, body]);

      expect((await unpriced(find(job(SQL), ana))).principal).toBeNull();
    },
  );

  test('is known if an earlier answer confirmed them, unless their credential is refused', async () => {
    const answers = [price, error(503, 'backendError'), error(401, 'authError')];
    const { find } = await answering((count) => answers[count - 1] ?? price);
    await find(job(SQL), ana);

    const down = await unpriced(find(job('SELECT 2'), ana));
    const ended = await unpriced(find(job('SELECT 3'), ana));

    expect([down.principal, ended.principal]).toEqual([BIA, null]);
  });
});

describe('a warehouse that does not name the caller', () => {
  test('has the fallback asked for the principal, after it has accepted the token', async () => {
    const fallbackCalls: string[] = [];
    const { find, warehouse } = await estimates({
      namesCaller: false,
      principalOf: async ({ headers }) => {
        fallbackCalls.push(`${headers['authorization']} after ${warehouse.seen.length}`);
        return ANA;
      },
    });

    const { estimate } = await find(job(SQL), ana);

    expect(estimate.principal).toBe(ANA);
    expect(fallbackCalls).toEqual(['Bearer ana-1 after 1']);
  });

  test('does not have the fallback asked if it refuses the token', async () => {
    const fallbackCalls: string[] = [];
    const { find } = await estimates({
      principalOf: async ({ credentialKey }) => {
        fallbackCalls.push(credentialKey);
        return ANA;
      },
    });

    await expect(find(job(SQL), asker('made-up'))).rejects.toBeInstanceOf(Unpriced);

    expect(fallbackCalls).toEqual([]);
  });

  test('has estimates of unnamed callers kept separate by token', async () => {
    const { find } = await estimates({ namesCaller: false });
    await find(job(SQL), ana);

    await find(job('SELECT 1'), anaAgain);

    const answers = [await answerOf(find(job(SQL), ana)), await answerOf(find(job(SQL), anaAgain))];

    expect(answers).toEqual(['1 by cache', '3 by dry run']);
  });
});
