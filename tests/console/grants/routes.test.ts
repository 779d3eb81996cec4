import type { Request } from 'express';
import { expect, test } from 'vitest';
import { noteFrom } from '../../../src/console/grants/routes.ts';

test.each([
  ['what was done', { done: 'given' }, 'given'],
  ['nothing', {}, null],
  ['what nothing does', { done: 'deleted' }, null],
  ['several things', { done: ['given', 'gone'] }, null],
])('an address that says %s', (_what, query, note) => {
  expect(noteFrom({ query } as unknown as Request)).toBe(note);
});
