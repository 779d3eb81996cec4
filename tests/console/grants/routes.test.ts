import type { Request } from 'express';
import { expect, test } from 'vitest';
import type { GrantRequest } from '../../../src/books/grant-requests.ts';
import { DAY_MS } from '../../../src/calendar/durations.ts';
import { grantsViewOf, noteFrom } from '../../../src/console/grants/routes.ts';
import type { ConsoleSources } from '../../../src/console/sources.ts';

test.each([
  ['what was done', { done: 'given' }, 'given'],
  ['nothing', {}, null],
  ['what nothing does', { done: 'deleted' }, null],
  ['several things', { done: ['given', 'gone'] }, null],
])('an address that says %s', (_what, query, note) => {
  expect(noteFrom({ query } as unknown as Request)).toBe(note);
});

test('the requests that were answered or expired in the last week are shown, whenever they were made', async () => {
  const request = (id: string, more: Partial<GrantRequest>): GrantRequest => ({
    id,
    budget: 'day',
    account: '',
    unit: 'bytes',
    amount: 1n,
    reason: 'month-end',
    askedBy: null,
    askedFor: 'bia',
    atMs: 0,
    expiresAtMs: 90 * DAY_MS,
    answer: null,
    ...more,
  });
  const requests = [
    request('open', {}),
    request('answered long ago', { answer: { by: 'ana', atMs: DAY_MS, grantId: null } }),
    request('expired long ago', { expiresAtMs: DAY_MS }),
    request('expired', { expiresAtMs: 28 * DAY_MS }),
    request('answered', { answer: { by: 'ana', atMs: 29 * DAY_MS, grantId: null } }),
  ];
  const sources = {
    grants: { list: async () => ({ grants: [], more: false }) },
    grantRequests: { list: async () => ({ requests, more: false }) },
    policy: () => ({ budgets: [] }),
  } as unknown as ConsoleSources;

  const { closedRequests } = await grantsViewOf(sources, 30 * DAY_MS);

  expect(closedRequests.map(({ id }) => id)).toEqual(['answered', 'expired']);
});
