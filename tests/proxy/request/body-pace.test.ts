import { expect, test } from 'vitest';
import { createBodyPace } from '../../../src/proxy/request/body-pace.ts';
import { BadRequest } from '../../../src/proxy/stop.ts';

const MIB = 1 << 20;

/** A pace with a clock that stands still unless told otherwise, and how long each body had to wait. */
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

test('the first large body of a caller passes at once, and each later one waits for those before it', async () => {
  const { turn, waits } = standing();

  await turn('ana', MIB);
  await turn('ana', MIB);
  await turn('ana', MIB);

  expect(waits).toEqual([500, 1_000]);
});

test('a body that arrives later waits only for the remaining time', async () => {
  const { turn, waits, pass } = standing();

  await turn('ana', 2 * MIB);
  pass(400);
  await turn('ana', MIB);
  pass(5_000);
  await turn('ana', MIB);

  expect(waits).toEqual([600]);
});

test('bodies of other callers, and small bodies, do not wait', async () => {
  const { turn, waits } = standing();

  await turn('ana', 8 * MIB);
  await turn('rui', 8 * MIB);
  await turn('ana', 1_000);

  expect(waits).toEqual([]);
});

test('a body that would wait too long is refused with 503 after ten seconds, and delays no later body', async () => {
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
