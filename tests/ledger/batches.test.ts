import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { ItemOutcome } from '../../src/ledger/batch.ts';
import { createBatches } from '../../src/ledger/batches.ts';
import { LedgerError } from '../../src/ledger/errors.ts';

/** Longer than any test runs. */
const NEVER_MS = 1_000_000;

/** A store that writes items of the form `KEY` or `KEY:WHAT`, and fails as a whole where one is `KEY:poison`. */
function store({
  most = 100,
  patienceMs = NEVER_MS,
  fails = (_items: readonly string[]): unknown => null,
} = {}) {
  const written: (readonly string[])[] = [];
  const splits: unknown[] = [];
  const batches = createBatches<string, string>({
    most,
    patienceMs,
    onSplit: (error, items) => splits.push([String(error), items]),
    keyOf: (item) => item.split(':', 1)[0] ?? item,
    async write(items) {
      await Promise.resolve();
      const error = fails(items);
      if (error !== null) throw error;
      written.push(items);
      return items.map(
        (item): ItemOutcome<string> =>
          item.endsWith(':refused')
            ? { ok: false, error: new Error(`${item} makes no sense`) }
            : { ok: true, value: `wrote ${item}` },
      );
    },
  });
  return { ...batches, written, splits };
}

function poisoned(items: readonly string[]): unknown {
  return items.some((item) => item.endsWith(':poison')) ? new Error('a constraint failed') : null;
}

describe('batches', () => {
  test('write together what was added together, and resolve each item with its outcome', async () => {
    const { add, written } = store();

    const told = await Promise.all(['a', 'b', 'c'].map(add));

    expect(told).toEqual(['wrote a', 'wrote b', 'wrote c']);
    expect(written).toEqual([['a', 'b', 'c']]);
  });

  test('collect items while a batch is being written', async () => {
    const { add, written } = store();

    await add('a');
    const first = add('b');
    await new Promise(setImmediate);
    await Promise.all([first, add('c'), add('d')]);

    expect(written).toEqual([['a'], ['b'], ['c', 'd']]);
  });

  test('hold back unawaited items until an awaited one comes', async () => {
    const { add, addUnawaited, written } = store();

    const first = addUnawaited('a');
    const second = addUnawaited('b');
    await sleep(20);
    const before = [...written];
    const told = await Promise.all([first, second, add('c')]);

    expect(before).toEqual([]);
    expect(told).toEqual(['wrote a', 'wrote b', 'wrote c']);
    expect(written).toEqual([['a', 'b', 'c']]);
  });

  test('do not hold back unawaited items once they have waited long enough or fill a batch', async () => {
    const patient = store({ patienceMs: 10 });
    const small = store({ most: 2 });

    const alone = await patient.addUnawaited('a');
    const full = await Promise.all(['b', 'c'].map((item) => small.addUnawaited(item)));

    expect([alone, ...full]).toEqual(['wrote a', 'wrote b', 'wrote c']);
    expect(small.written).toEqual([['b', 'c']]);
  });

  test('write held-back items when they are drained', async () => {
    const { addUnawaited, drained, written } = store();
    const told = addUnawaited('a');

    await drained();

    expect(written).toEqual([['a']]);
    expect(await told).toBe('wrote a');
  });

  test('hold at most a given number of items', async () => {
    const { add, written } = store({ most: 2 });

    await Promise.all(['a', 'b', 'c', 'd', 'e'].map(add));

    expect(written).toEqual([['a', 'b'], ['c', 'd'], ['e']]);
  });

  test('hold one item per key, in order', async () => {
    const { add, written } = store();

    await Promise.all(['a:1', 'b:1', 'a:2', 'c:1', 'a:3', 'b:2'].map(add));

    expect(written).toEqual([
      ['a:1', 'b:1'],
      ['a:2', 'c:1'],
      ['a:3', 'b:2'],
    ]);
  });

  test('fail only the item that fails', async () => {
    const { add, written } = store();

    const told = await Promise.allSettled(['a', 'b:refused', 'c'].map(add));

    expect(told.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
    expect(written).toHaveLength(1);
  });

  test('write all items but those that cannot be written, in order', async () => {
    const { add, written } = store({ fails: poisoned });
    const items = Array.from({ length: 20 }, (_, i) => (i === 3 || i === 17 ? `${i}:poison` : `${i}`));

    const told = await Promise.allSettled(items.map(add));

    expect(told.flatMap((one, i) => (one.status === 'rejected' ? [i] : []))).toEqual([3, 17]);
    expect(written.flat()).toEqual(items.filter((item) => !item.endsWith(':poison')));
  });

  test('report each batch that is written in halves once, with its error and size', async () => {
    const { add, splits } = store({ most: 8, fails: poisoned });
    const items = Array.from({ length: 24 }, (_, i) =>
      i === 3 || i === 6 || i === 17 ? `${i}:poison` : `${i}`,
    );

    await Promise.allSettled(items.map(add));

    expect(splits).toEqual([
      ['Error: a constraint failed', 8],
      ['Error: a constraint failed', 8],
    ]);
  });

  test('report no split of an item that was alone, nor of a batch that the database failed', async () => {
    const down = new LedgerError('busy', 'The file is locked.', 'Wait.');
    const alone = store({ fails: poisoned });
    const failing = store({ fails: () => down });

    await Promise.allSettled([alone.add('a:poison'), failing.add('a'), failing.add('b')]);

    expect([alone.splits, failing.splits]).toEqual([[], []]);
  });

  test('retry an item that was alone once, and no more', async () => {
    let failures = 0;
    const failing = (times: number) => () => {
      failures += 1;
      return failures <= times ? new Error('another replica was first') : null;
    };

    const once = await store({ fails: failing(1) }).add('a');
    failures = 0;
    const twice = store({ fails: failing(2) }).add('a');

    expect(once).toBe('wrote a');
    await expect(twice).rejects.toThrow('another replica was first');
  });

  test('fail all waiting items if the database fails, without trying each', async () => {
    let attempts = 0;
    const down = new LedgerError('unreachable', 'The server is gone.', 'Bring it back.');
    const { add } = store({
      most: 2,
      fails: () => {
        attempts += 1;
        return down;
      },
    });

    const told = await Promise.allSettled(['a', 'b', 'c', 'd', 'e'].map(add));

    expect(told).toEqual(Array(5).fill({ status: 'rejected', reason: down }));
    expect(attempts).toBe(1);
  });

  test('continue once the database is back', async () => {
    let isDown = true;
    const down = new LedgerError('busy', 'The file is locked.', 'Wait.');
    const { add } = store({ fails: () => (isDown ? down : null) });
    await expect(add('a')).rejects.toBe(down);

    isDown = false;

    expect(await add('a')).toBe('wrote a');
  });

  test('are drained once every item has ended, even failed ones', async () => {
    const { add, drained, written } = store({ most: 1, fails: poisoned });
    const ended: string[] = [];
    for (const item of ['a', 'b:poison', 'c']) {
      void add(item).then(
        () => ended.push(item),
        () => ended.push(item),
      );
    }

    await drained();

    expect(ended).toEqual(['a', 'b:poison', 'c']);
    expect(written).toEqual([['a'], ['c']]);
    await drained();
  });
});
