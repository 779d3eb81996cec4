import { expect, test } from 'vitest';
import { createGivenUp } from '../../../src/sql/processes/given-up.ts';

const MINUTE_MS = 60_000;

function clocked() {
  let atMs = 1_000;
  const givenUp = createGivenUp(() => atMs);
  const pass = (minutes: number) => {
    atMs += minutes * MINUTE_MS;
  };
  return { ...givenUp, pass };
}

test('what a caller sends is tried until three of it were given up', () => {
  const { add, forbids } = clocked();
  add('ana', 50_000);
  add('ana', 50_000);
  expect(forbids('ana', 50_000)).toBe(false);

  add('ana', 50_000);

  expect(forbids('ana', 50_000)).toBe(true);
});

test('what is shorter than all that was given up is tried all the same', () => {
  const { add, forbids } = clocked();
  for (const characters of [80_000, 20_000, 50_000]) add('ana', characters);

  expect(forbids('ana', 19_999)).toBe(false);
  expect(forbids('ana', 20_000)).toBe(true);
});

test('what other callers send is tried all the same', () => {
  const { add, forbids } = clocked();
  for (let n = 0; n < 3; n += 1) add('ana', 50_000);

  expect(forbids('rui', 50_000)).toBe(false);
});

test('it counts for five minutes, and each time by itself', () => {
  const { add, forbids, pass } = clocked();
  add('ana', 50_000);
  pass(3);
  add('ana', 50_000);
  add('ana', 50_000);
  expect(forbids('ana', 50_000)).toBe(true);

  pass(2);
  expect(forbids('ana', 50_000)).toBe(false);

  add('ana', 50_000);
  expect(forbids('ana', 50_000)).toBe(true);
});
