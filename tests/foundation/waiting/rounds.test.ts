import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startRounds } from '../../../src/foundation/waiting/rounds.ts';

const quick = { firstAfterMs: 0, everyMs: 1, onError: unexpected };

function unexpected(error: unknown): never {
  throw error;
}

test('rounds go on until they are ended', async () => {
  let rounds = 0;
  const third = Promise.withResolvers<void>();
  const end = startRounds(quick, async () => {
    rounds += 1;
    if (rounds === 3) third.resolve();
  });

  await third.promise;
  await end();

  const ended = rounds;
  await sleep(20);
  expect(rounds).toBe(ended);
});

test('a failing round is reported, and the next one comes', async () => {
  const errors: unknown[] = [];
  let rounds = 0;
  const fourth = Promise.withResolvers<void>();
  const onError = (error: unknown) => errors.push(error);
  const end = startRounds({ ...quick, onError }, async () => {
    rounds += 1;
    if (rounds === 4) fourth.resolve();
    else if (rounds > 1) throw new Error(`round ${rounds} broke`);
  });

  await fourth.promise;
  await end();

  expect(errors).toEqual([new Error('round 2 broke'), new Error('round 3 broke')]);
});

test('ending signals the running round and waits for it', async () => {
  const begun = Promise.withResolvers<void>();
  let isDone = false;
  const end = startRounds(quick, async (signal) => {
    begun.resolve();
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    isDone = true;
  });

  await begun.promise;
  await end();

  expect(isDone).toBe(true);
});

test('a round that stops on that signal has not failed', async () => {
  const errors: unknown[] = [];
  const onError = (error: unknown) => errors.push(error);
  const end = startRounds({ ...quick, onError }, (signal) => sleep(60_000, undefined, { signal }));

  await end();

  expect(errors).toEqual([]);
});

test('rounds that are ended before the first never start', async () => {
  let rounds = 0;
  const end = startRounds({ ...quick, firstAfterMs: 60_000 }, async () => {
    rounds += 1;
  });

  await end();

  expect(rounds).toBe(0);
});
