import { expect, test } from 'vitest';
import { createBodyPace } from '../../../src/proxy/request/body-pace.ts';
import { BadRequest } from '../../../src/proxy/stop.ts';

const MIB = 1 << 20;

/** A pace by a clock that stands, and how long each body waited by it. */
function standing() {
  const waits: number[] = [];
  let atMs = 1_000;
  const pace = createBodyPace({
    now: () => atMs,
    wait: async (milliseconds) => waits.push(milliseconds),
  });
  const pass = (milliseconds: number) => {
    atMs += milliseconds;
  };
  const turn = (caller: string, bytes: number) => pace.turn(bytes, () => caller);
  return { turn, waits, pass };
}

test('the first large body of a caller comes at once, and the next when there is time for both', async () => {
  const { turn, waits } = standing();

  await turn('ana', MIB);
  await turn('ana', MIB);
  await turn('ana', MIB);

  expect(waits).toEqual([500, 1_000]);
});

test('one that comes later waits for what is left', async () => {
  const { turn, waits, pass } = standing();

  await turn('ana', 2 * MIB);
  pass(400);
  await turn('ana', MIB);
  pass(5_000);
  await turn('ana', MIB);

  expect(waits).toEqual([600]);
});

test('those of others, and small ones, wait for nothing', async () => {
  const { turn, waits } = standing();

  await turn('ana', 8 * MIB);
  await turn('rui', 8 * MIB);
  await turn('ana', 1_000);

  expect(waits).toEqual([]);
});

test('where too much waits, the next is refused, after a while, and does not make it more', async () => {
  const { turn, waits, pass } = standing();
  await turn('ana', 10 * MIB);
  await turn('ana', 10 * MIB + 2);
  const next = turn('ana', MIB);

  await expect(next).rejects.toThrow(BadRequest);
  await expect(next).rejects.toMatchObject({
    answer: { content: { status: 503, message: expect.stringContaining('2 MiB a second') } },
  });
  expect(waits).toEqual([5_000, 10_000]);
  pass(10_000);
  await turn('ana', MIB);
  expect(waits).toHaveLength(3);
});
