import { expect, test } from 'vitest';
import { createAttempts } from '../../../../src/ops/access/sign-in/attempts.ts';

const MINUTE_MS = 60_000;

test('an address may fail ten times a minute, and may try again a minute after the first failure', () => {
  const attempts = createAttempts();
  for (let tries = 0; tries < 10; tries += 1) attempts.recordFailure('a', tries);

  expect(attempts.mayTry('a', 10)).toBe(false);
  expect(attempts.mayTry('b', 10)).toBe(true);
  expect(attempts.mayTry('a', MINUTE_MS)).toBe(true);
});

test('all addresses together may fail a hundred times a minute', () => {
  const attempts = createAttempts();
  for (let address = 0; address < 100; address += 1) attempts.recordFailure(`${address}`, 0);

  expect(attempts.mayTry('another', 1)).toBe(false);
  expect(attempts.mayTry('another', MINUTE_MS)).toBe(true);
});
