import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startRounds } from '../../src/commands/rounds.ts';

test('rounds go on until they are ended', async () => {
  let rounds = 0;
  const third = Promise.withResolvers<void>();
  const end = startRounds({ firstAfterMs: 0, everyMs: 1 }, async () => {
    rounds += 1;
    if (rounds === 3) third.resolve();
  });

  await third.promise;
  await end();

  const ended = rounds;
  await sleep(20);
  expect(rounds).toBe(ended);
});

test('an end tells the round that runs, and waits for it', async () => {
  const begun = Promise.withResolvers<void>();
  let isDone = false;
  const end = startRounds({ firstAfterMs: 0, everyMs: 1 }, async (signal) => {
    begun.resolve();
    await sleep(60_000, undefined, { signal }).catch(() => undefined);
    isDone = true;
  });

  await begun.promise;
  await end();

  expect(isDone).toBe(true);
});

test('rounds that are ended before the first never begin', async () => {
  let rounds = 0;
  const end = startRounds({ firstAfterMs: 60_000, everyMs: 1 }, async () => {
    rounds += 1;
  });

  await end();

  expect(rounds).toBe(0);
});
