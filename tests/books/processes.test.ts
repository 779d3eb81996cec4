import { describe, expect, test } from 'vitest';
import { ledgerUrl } from '../ledger/ledgers.ts';
import { type Contents, contents, type ProcessResult, run, sumOf } from './processes.ts';

/** Starting processes may take long on a busy machine; no test here depends on how long. */
const PATIENCE_MS = 120_000;

const PLENTY = { limit: 1n << 60n, count: 1_000_000 };

/** A random moment within the first hundred queries: the test must pass at any of them. */
function anyMoment(): number {
  return 1 + Math.floor(Math.random() * 200);
}

function expectWhole(found: Contents, ended: readonly ProcessResult[], limit: bigint): void {
  const admitted = ended.flatMap((one) => one.acknowledged('admitted'));
  const settled = ended.flatMap((one) => one.acknowledged('settled'));
  const charged = ended.flatMap((one) => one.acknowledged('charged'));
  expect(admitted.filter((id) => !found.states.has(id))).toEqual([]);
  expect(settled.filter((id) => found.states.get(id) !== 'settled' || found.billed.get(id) !== 5n)).toEqual(
    [],
  );
  expect(charged.filter((id) => found.states.get(id) === 'open')).toEqual([]);
  expect(found.journal).toEqual(found.entries);
  expect(new Set(found.entries).size).toBe(found.entries.length);
  expect(found.balances).toEqual(
    found.states.size === 0 ? [] : [{ used: sumOf(found, 'charged'), reserved: sumOf(found, 'open') }],
  );
  expect(sumOf(found, 'charged') + sumOf(found, 'open')).toBeLessThanOrEqual(limit);
}

describe('a process killed in the middle of its work', { timeout: PATIENCE_MS }, () => {
  test('loses nothing that it acknowledged and doubles nothing, however often it is killed', async () => {
    const url = await ledgerUrl();

    const ended: ProcessResult[] = [];
    for (const name of ['first', 'second', 'third']) {
      ended.push(await run(url, { name, ...PLENTY, killAfterLines: anyMoment() }));
      expectWhole(await contents(url), ended, PLENTY.limit);
    }

    expect(ended.map(({ signal, errors }) => [signal, errors])).toEqual(Array(3).fill(['SIGKILL', '']));
  });

  test('leaves queries open that the next start finds and charges in full', async () => {
    const url = await ledgerUrl();
    const died = await run(url, { name: 'p', ...PLENTY, killAfterLines: 50 });
    const left = [...(await contents(url)).states].flatMap(([id, state]) => (state === 'open' ? [id] : []));

    const next = await run(url, { name: 'next', limit: 0n, count: 0 });

    expect(died.signal).toBe('SIGKILL');
    expect(next.acknowledged('charged').toSorted()).toEqual(left.toSorted());
    const after = await contents(url);
    expect(left.map((id) => [after.states.get(id), after.billed.get(id)])).toEqual(
      left.map(() => ['assumed', 7n]),
    );
    expectWhole(after, [died, next], PLENTY.limit);
  });
});

describe('several processes on one ledger', { timeout: PATIENCE_MS }, () => {
  test('keep one limit together', async () => {
    const url = await ledgerUrl();
    const limit = 1000n;

    const ended = await Promise.all(['a', 'b', 'c'].map((name) => run(url, { name, limit, count: 100 })));

    expect(ended.map(({ signal, errors }) => [signal, errors])).toEqual(Array(3).fill([null, '']));
    const found = await contents(url);
    expectWhole(found, ended, limit);
    expect(sumOf(found, 'open')).toBe(0n);
    // Each query reserves 7 bytes and is billed 5; one is refused once 994 bytes or more are taken.
    const settled = ended.flatMap((one) => one.acknowledged('settled'));
    expect(settled.length).toBe(found.states.size);
    expect(settled.length).toBeGreaterThanOrEqual(142);
    expect(settled.length).toBeLessThanOrEqual(199);
  });

  test('keep it while each is killed and restarted, charging what the others left open', async () => {
    const url = await ledgerUrl();
    const limit = 3000n;

    async function killedAgainAndAgain(name: string): Promise<readonly ProcessResult[]> {
      const ended: ProcessResult[] = [];
      for (const life of [1, 2, 3]) {
        ended.push(
          await run(url, { name: `${name}${life}`, limit, count: 1000, killAfterLines: anyMoment() }),
        );
      }
      return ended;
    }
    const ended = (await Promise.all(['a', 'b'].map(killedAgainAndAgain))).flat();
    const last = await run(url, { name: 'last', limit, count: 1000 });

    expect([...ended, last].map(({ errors }) => errors)).toEqual(Array(7).fill(''));
    const found = await contents(url);
    expectWhole(found, [...ended, last], limit);
    expect(sumOf(found, 'open')).toBe(0n);
    expect(sumOf(found, 'charged')).toBeGreaterThan(limit - 7n);
  });
});
