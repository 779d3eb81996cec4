import { expect, test } from 'vitest';
import { createReadTimeouts } from '../../../src/sql/processes/read-timeouts.ts';

const MINUTE_MS = 60_000;

function clocked() {
  let atMs = 1_000;
  const timeouts = createReadTimeouts(() => atMs);
  const pass = (minutes: number) => {
    atMs += minutes * MINUTE_MS;
  };
  return { ...timeouts, pass };
}

test('SQL of a caller is throttled after three timeouts', () => {
  const { add, isThrottled } = clocked();
  add('ana', 50_000);
  add('ana', 50_000);
  expect(isThrottled('ana', 50_000)).toBe(false);

  add('ana', 50_000);

  expect(isThrottled('ana', 50_000)).toBe(true);
});

test('SQL shorter than all that timed out is not throttled', () => {
  const { add, isThrottled } = clocked();
  for (const characters of [80_000, 20_000, 50_000]) add('ana', characters);

  expect(isThrottled('ana', 19_999)).toBe(false);
  expect(isThrottled('ana', 20_000)).toBe(true);
});

test('SQL of other callers is not throttled', () => {
  const { add, isThrottled } = clocked();
  for (let n = 0; n < 3; n += 1) add('ana', 50_000);

  expect(isThrottled('rui', 50_000)).toBe(false);
});

test('each timeout counts for five minutes', () => {
  const { add, isThrottled, pass } = clocked();
  add('ana', 50_000);
  pass(3);
  add('ana', 50_000);
  add('ana', 50_000);
  expect(isThrottled('ana', 50_000)).toBe(true);

  pass(2);
  expect(isThrottled('ana', 50_000)).toBe(false);

  add('ana', 50_000);
  expect(isThrottled('ana', 50_000)).toBe(true);
});
