import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newDecisionId, shortDecisionId } from '../../src/vocabulary/decision-id.ts';

test('of two decisions, the one that was made later has the greater ID', async () => {
  const earlier = newDecisionId();
  await sleep(2);
  const later = newDecisionId();

  expect(later > earlier).toBe(true);
});

test('decisions of one moment have IDs of their own', () => {
  const ids = Array.from({ length: 1_000 }, newDecisionId);

  expect(new Set(ids).size).toBe(1_000);
});

test('decisions of one moment are told apart where there is room for a part of their IDs alone', () => {
  const short = Array.from({ length: 100 }, () => shortDecisionId(newDecisionId()));

  expect(new Set(short).size).toBe(100);
});
