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

/** A search that finds one rewrite and ends when it is told to. */
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
  const kept: (readonly Rewrite[])[] = [];
  const made = createAdvisor({
    waitMs: 60_000,
    maxSearches: 1,
    onError: (error) => errors.push(error),
    ...options,
  });
  const advise = (begin: ReturnType<typeof search>['begin'], gone = new AbortController().signal) =>
    made.advise({ decisionId: 'd-1', begin, keep: async (rewrites) => void kept.push(rewrites), gone });
  return { advise, errors, kept };
}

/** Lets everything run that only waits for its turn. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

test('a refusal gets what was found when the search ended, and the same is kept', async () => {
  const { advise, kept } = advisor();
  const one = search();
  const advised = advise(one.begin);

  one.end();

  expect(await advised).toEqual([rewrite]);
  await settled();
  expect(kept).toEqual([[rewrite]]);
});

test('a refusal waits no longer than it may, and what is found later is kept', async () => {
  const { advise, kept } = advisor({ waitMs: 0 });
  const slow = search();

  expect(await advise(slow.begin)).toEqual([]);
  slow.end();
  await settled();

  expect(kept).toEqual([[rewrite]]);
});

test('nobody waits for a client that is gone', async () => {
  const { advise } = advisor();
  const gone = new AbortController();
  const advised = advise(search().begin, gone.signal);

  gone.abort();

  expect(await advised).toEqual([]);
});

test('beyond so many searches at once, refusals go without, until one of them ends', async () => {
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

test('a search that fails or cannot begin is told of, and does not fail the refusal', async () => {
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
