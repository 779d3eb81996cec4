import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { newDecisionId, shortDecisionId } from '../../src/vocabulary/decision-id.ts';

test('a later decision has a greater ID than an earlier one', async () => {
  const earlier = newDecisionId();
  await sleep(2);
  const later = newDecisionId();

  expect(later > earlier).toBe(true);
});

test('decisions made in the same moment have different IDs', () => {
  const ids = Array.from({ length: 1_000 }, newDecisionId);

  expect(new Set(ids).size).toBe(1_000);
});

test('decisions made in the same moment have different short IDs', () => {
  const short = Array.from({ length: 100 }, () => shortDecisionId(newDecisionId()));

  expect(new Set(short).size).toBe(100);
});
