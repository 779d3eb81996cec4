import { expect, test } from 'vitest';
import { createAdvisor } from '../../src/advice/advisor.ts';
import type { Rewrite } from '../../src/vocabulary/advice.ts';

const rewrite: Rewrite = {
  changes: [{ kind: 'columns', shows: 'id' }],
  sql: 'SELECT id FROM t',
  result: 'changed',
  bytesBilled: 1n,
  savedOver: 'run',
  savedBytes: 2n,
  savedCost: { currency: 'USD', micros: 3n },
  passes: true,
};

/** A search that finds one rewrite and ends when `end` is called. */
function search() {
  const { promise: ended, resolve: end, reject: fail } = Promise.withResolvers<void>();
  let isOver = false;
  return {
    begin: () => ({ found: () => (isOver ? [rewrite] : []), ended }),
    end() {
      isOver = true;
      end();
    },
    fail,
  };
}

function advisor(options: { readonly waitMs?: number; readonly maxSearches?: number } = {}) {
  const errors: unknown[] = [];
  const stored: (readonly Rewrite[])[] = [];
  const made = createAdvisor({
    waitMs: 60_000,
    maxSearches: 1,
    onError: (error) => errors.push(error),
    ...options,
  });
  const advise = (begin: ReturnType<typeof search>['begin'], gone = new AbortController().signal) =>
    made.advise({ decisionId: 'd-1', begin, keep: async (rewrites) => void stored.push(rewrites), gone });
  return { advise, errors, stored };
}

/** Lets all pending callbacks run. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a refusal gets the rewrites found when the search has ended, and the same are stored', async () => {
  const { advise, stored } = advisor();
  const one = search();
  const advised = advise(one.begin);

  one.end();

  expect(await advised).toEqual([rewrite]);
  await settled();
  expect(stored).toEqual([[rewrite]]);
});

test('a refusal does not wait beyond its limit, and rewrites found later are stored', async () => {
  const { advise, stored } = advisor({ waitMs: 0 });
  const slow = search();

  expect(await advise(slow.begin)).toEqual([]);
  slow.end();
  await settled();

  expect(stored).toEqual([[rewrite]]);
});

test('the wait ends when the client is gone', async () => {
  const { advise } = advisor();
  const gone = new AbortController();
  const advised = advise(search().begin, gone.signal);

  gone.abort();

  expect(await advised).toEqual([]);
});

test('beyond the maximum number of concurrent searches, refusals get no rewrites until a search ends', async () => {
  const { advise } = advisor({ waitMs: 0 });
  const [first, other, last] = [search(), search(), search()];
  await advise(first.begin);
  other.end();
  last.end();

  expect(await advise(other.begin)).toEqual([]);
  first.end();
  await settled();

  expect(await advise(last.begin)).toEqual([rewrite]);
});

test('a search that fails or cannot begin is reported, and does not make the refusal fail', async () => {
  const { advise, errors } = advisor({ maxSearches: 2 });
  const failing = search();
  failing.fail(new Error('it broke'));

  expect(await advise(failing.begin)).toEqual([]);
  expect(
    await advise(() => {
      throw new Error('it did not begin');
    }),
  ).toEqual([]);
  await settled();
  expect(errors.map(String)).toEqual(['Error: it broke', 'Error: it did not begin']);
});
